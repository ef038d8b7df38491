// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that takes its answer slowly. */
final class SlowReader implements Closeable {

    private static final int RECEIVE_BUFFER = 4 << 10;
    private static final int BYTES_EACH_TIME = 512;
    private static final byte[] OK = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

    private final SocketChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocate(BYTES_EACH_TIME);
    private State state = State.WAITING;

    private enum State {
        WAITING,
        /** A 200 is under way. */
        ANSWERED,
        /** It got something else, or its connection was closed. */
        REFUSED
    }

    private SlowReader(SocketChannel channel) {
        this.channel = channel;
    }

    static SlowReader send(int port, byte[] request) throws IOException {
        SlowReader reader = new SlowReader(SocketChannel.open());
        try {
            reader.channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            reader.channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            reader.channel.write(ByteBuffer.wrap(request));
            reader.channel.configureBlocking(false);
            return reader;
        } catch (IOException e) {
            reader.close();
            throw e;
        }
    }

    void readALittle() {
        try {
            int read = channel.read(bytes.clear());
            if (read < 0) {
                state = State.REFUSED;
            } else if (read > 0 && state == State.WAITING) {
                state = bytes.flip().limit(Math.min(OK.length, read)).equals(ByteBuffer.wrap(OK))
                        ? State.ANSWERED
                        : State.REFUSED;
            }
        } catch (IOException e) {
            state = State.REFUSED;
        }
    }

    boolean isAnswered() {
        return state == State.ANSWERED;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
