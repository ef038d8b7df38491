// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * One range of an open file; reading its last bytes throws if the file was changed since its validators were taken.
 *
 * <p>So a body made of two states is always cut short, and a client that resumes sees that the tag is another.
 */
final class FileRangeStream extends InputStream {

    private final FileChannel channel;
    private final Path path;
    private final FileState state;
    private final long end;
    private long position;

    FileRangeStream(FileChannel channel, Path path, FileState state, ByteRange range) {
        this.channel = channel;
        this.path = path;
        this.state = state;
        this.position = range.first();
        this.end = range.last() + 1;
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
            throw new EOFException("file was truncated at byte " + position);
        }
        position += read;
        if (position == end) {
            requireUnchanged();
        }
        return read;
    }

    /**
     * Throws also if the path leads to another file by now: what we hold open may have been written to before it lost its
     * name, and nothing tells that any more.
     */
    private void requireUnchanged() throws IOException {
        if (!FileState.of(path).equals(state)) {
            throw new IOException("file was changed while it was being sent");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
