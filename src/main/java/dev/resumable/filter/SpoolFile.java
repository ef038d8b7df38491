// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.RangeBlocks;
import dev.resumable.http.ByteRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A temporary file that is appended to and read at any position; it has no name any more where the system allows that. */
final class SpoolFile implements AutoCloseable {

    private static final Logger LOG = System.getLogger(SpoolFile.class.getName());

    private final FileChannel channel;
    private long size;

    SpoolFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Appends all of the bytes; after an exception none of them counts. */
    void append(byte[] bytes, int offset, int length) throws IOException {
        append(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Appends what is left of the buffer; after an exception nothing of it counts. */
    void append(ByteBuffer buffer) throws IOException {
        long position = size;
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
        size = position;
    }

    /** The bytes of a range, which must lie inside what was appended. */
    RangeBlocks read(ByteRange range) {
        return RangeBlocks.of(channel, range);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a temporary file could not be closed", e);
        }
    }
}
