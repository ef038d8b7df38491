// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The parts that came since a state was written as a whole: a line for each, so that ten thousand parts are not written again
 * with every one of them.
 *
 * <p>A line is the CRC-32C of what follows, the version that the state has with it, when that expires, and the part. What a
 * crash has torn off is at the end, has no right checksum, and was acknowledged to nobody. Lines of versions that the whole
 * state has already are left over from before it was written.
 *
 * @param length how many bytes of the file count
 * @param lines how many lines the whole state does not have
 */
record PartLog(long length, int lines) {

    /** Nothing in it, or no file. */
    static final PartLog EMPTY = new PartLog(0, 0);

    private static final int CHECKSUM = 8;

    /** A state, and the log from which its last parts are. */
    record Logged(UploadState state, PartLog log) {}

    /** Adds what the log has to the state that was written as a whole; looks at so many bytes at most. */
    static Logged read(Path file, UploadState whole, long most) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return new Logged(whole, EMPTY);
        }
        int end = (int) Math.min(bytes.length, most);
        List<StateDocument.PartLine> came = new ArrayList<>();
        int at = 0;
        for (int newline = newline(bytes, at, end); newline >= 0; newline = newline(bytes, at, end)) {
            byte[] line = Arrays.copyOfRange(bytes, at, newline);
            if (!isWhole(line)) {
                break;
            }
            StateDocument.PartLine next = StateDocument.readPartLine(
                    new String(line, CHECKSUM + 1, line.length - CHECKSUM - 1, StandardCharsets.UTF_8));
            if (next.version() > whole.version()) {
                if (next.version() != whole.version() + came.size() + 1) {
                    break;
                }
                came.add(next);
            }
            at = newline + 1;
        }
        return new Logged(whole.withParts(came), new PartLog(at, came.size()));
    }

    private static int newline(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isWhole(byte[] line) {
        return line.length > CHECKSUM
                && line[CHECKSUM] == ' '
                && checksum(Arrays.copyOfRange(line, CHECKSUM + 1, line.length))
                        .equals(new String(line, 0, CHECKSUM, StandardCharsets.US_ASCII));
    }

    static String checksum(byte[] text) {
        CRC32C crc = new CRC32C();
        crc.update(text, 0, text.length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /**
     * Adds a line for the part with which a state came to be; durable when this returns. After a failure the line may be there
     * or not, until it is {@link #cutOff}.
     */
    PartLog append(DurableFiles files, Path file, UploadState state, Part part) throws IOException {
        byte[] text = StateDocument.partLine(state, part).getBytes(StandardCharsets.UTF_8);
        byte[] line = (checksum(text) + " " + new String(text, StandardCharsets.UTF_8) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Left-overs: a torn line, or lines that the whole state has.
            channel.truncate(length);
            DurableFiles.writeFully(channel, ByteBuffer.wrap(line), length);
            files.force(channel);
            if (length == 0) {
                files.forceDirectory(DurableFiles.directoryOf(file));
            }
        } catch (IOException e) {
            throw DurableFiles.fullOr(e, DurableFiles.directoryOf(file));
        }
        return new PartLog(length + line.length, lines + 1);
    }

    /** Removes, durably, what is behind the bytes that count: a line whose writing has failed. It needs no room. */
    void cutOff(DurableFiles files, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
            files.force(channel);
        } catch (NoSuchFileException e) {
            // It was not even begun.
        }
    }
}
