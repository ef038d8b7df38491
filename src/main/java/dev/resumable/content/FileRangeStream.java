// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * One range of an open file; reading its last bytes throws if the file was written to since its validators were taken.
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

    private void requireUnchanged() throws IOException {
        try {
            FileState now = FileState.of(path);
            // Another key: the path was given to another file, and what we hold open is out of everybody's reach.
            if (now.key().equals(state.key()) && !now.equals(state)) {
                throw new IOException("file was written to while it was being sent");
            }
        } catch (NoSuchFileException e) {
            // Deleted: what we hold open is still the old file.
            if (channel.size() != state.size()) {
                throw new IOException("file was truncated and deleted while it was being sent", e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
