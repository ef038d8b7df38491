// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Exactly so many bytes of a file from a position on; a file that is shorter is an exception, never a quiet end. */
final class FileSection extends InputStream {

    private final FileChannel channel;
    private long position;
    private final long end;

    private FileSection(FileChannel channel, long from, long end) {
        this.channel = channel;
        this.position = from;
        this.end = end;
    }

    static InputStream open(Path file, long from, long length) throws IOException {
        return new FileSection(FileChannel.open(file, StandardOpenOption.READ), from, Math.addExact(from, length));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (position == end) {
            return -1;
        }
        int wanted = (int) Math.min(length, end - position);
        int read = channel.read(ByteBuffer.wrap(bytes, offset, wanted), position);
        if (read < 0) {
            throw new EOFException((end - position) + " bytes of an upload are missing at " + position);
        }
        position += read;
        return read;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
