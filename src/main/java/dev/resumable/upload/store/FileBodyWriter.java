// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes into a file from a position on. */
final class FileBodyWriter implements BodyWriter {

    /** Given back when the disk is full, so that there is room to write down how far the upload came. */
    private static final long SPARE = 128 << 10;

    private final DurableFiles files;
    private final Path file;
    private final FileChannel channel;
    private final Region region;
    private final long start;
    private final String reference;
    private long length;
    private long committed;

    /** What else is in the file. */
    enum Region {
        /** Nothing behind the bytes of this writer: what is given up can be cut off. */
        END_OF_FILE,
        /** Other parts, before and behind. */
        SLOT,
        /** Nothing at all: what is given up goes with the file. */
        FILE_OF_ITS_OWN
    }

    private FileBodyWriter(
            DurableFiles files, Path file, FileChannel channel, Region region, long start, String reference) {
        this.files = files;
        this.file = file;
        this.channel = channel;
        this.region = region;
        this.start = start;
        this.reference = reference;
    }

    /** Opens a file; {@code reference} is what a commit answers. */
    static FileBodyWriter open(DurableFiles files, Path file, Region region, long start, String reference)
            throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (region == Region.END_OF_FILE) {
                if (channel.size() < start) {
                    // To write there would fill the gap with zeros, which nobody has sent.
                    throw new IOException("the bytes of an upload are shorter than its offset");
                }
                channel.truncate(start);
            }
            return new FileBodyWriter(files, file, channel, region, start, reference);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, count);
        try {
            while (buffer.hasRemaining()) {
                length += channel.write(buffer, start + length);
            }
        } catch (IOException e) {
            IOException failure = DurableFiles.fullOr(e, DurableFiles.directoryOf(file));
            if (failure instanceof StorageFullException && region == Region.END_OF_FILE) {
                length = Math.max(committed, length - SPARE);
                channel.truncate(start + length);
            }
            throw failure;
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public String commit() throws IOException {
        try {
            files.force(channel);
            if (region == Region.FILE_OF_ITS_OWN) {
                files.forceDirectory(DurableFiles.directoryOf(file));
            }
        } catch (IOException e) {
            // Some file systems find room only when they are forced to.
            throw DurableFiles.fullOr(e, DurableFiles.directoryOf(file));
        }
        committed = length;
        return reference;
    }

    @Override
    public void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        try {
            if (region == Region.END_OF_FILE && committed < length) {
                channel.truncate(start + committed);
            }
        } finally {
            channel.close();
        }
        if (region == Region.FILE_OF_ITS_OWN && committed == 0) {
            Files.deleteIfExists(file);
        }
    }
}
