// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of a {@link DigestIndex}: text, a line for each entry with key and digest in hexadecimal, the least recently used first.
 *
 * <p>The first line tells what it is, the last is the SHA-256 of all before it. So a file that is torn, changed by hand or
 * half written by a failing disk is recognised as a whole. It is only ever replaced by a complete one, by rename, and only if
 * it is an index: a path that was given by mistake costs nobody a file.
 */
final class DigestIndexFile {

    static final int MAX_ENTRIES = 10_000;

    private static final String TITLE = "resumable-servlet digest index 1\n";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) ([0-9a-f]{64})\n");
    private static final int LINE_LENGTH = 130;
    private static final int SEAL_LENGTH = 65;
    private static final long MAX_LENGTH = TITLE.length() + (long) MAX_ENTRIES * LINE_LENGTH + SEAL_LENGTH;
    private static final String TEMPORARY = ".tmp";
    private static final Duration LEFT_OVER = Duration.ofHours(1);

    private final Path path;

    DigestIndexFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    /** What was found at the path. */
    sealed interface Contents {}

    /** A sound index; the digests by key, in order of use. */
    record Entries(Map<String, String> digests) implements Contents {}

    /** No file. */
    record Missing() implements Contents {}

    /** A file that cannot be used. */
    record Unusable(Owner owner, String reason) implements Contents {}

    /** Whose file it is that cannot be used. */
    enum Owner {
        /** An index by its first line, and damaged. */
        INDEX,
        /** Something else, which must not be touched. */
        SOMEBODY_ELSE
    }

    /** Reads the file. */
    Contents read() {
        try {
            if (!Files.exists(path)) {
                return new Missing();
            }
            if (!Files.isRegularFile(path) || Files.size(path) > MAX_LENGTH) {
                return new Unusable(Owner.SOMEBODY_ELSE, path + " is no index of digests, and is left alone");
            }
            return parse(Files.readString(path, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return new Missing();
        } catch (IOException e) {
            return new Unusable(Owner.SOMEBODY_ELSE, e.toString());
        }
    }

    private Contents parse(String text) {
        if (!text.startsWith(TITLE)) {
            return new Unusable(Owner.SOMEBODY_ELSE, path + " is no index of digests, and is left alone");
        }
        int end = text.length() - SEAL_LENGTH;
        if (end < TITLE.length() || !text.substring(end).equals(seal(text.substring(0, end)))) {
            return new Unusable(Owner.INDEX, path + " is damaged");
        }
        Map<String, String> digests = new LinkedHashMap<>();
        Matcher line = LINE.matcher(text).region(TITLE.length(), end);
        while (line.lookingAt()) {
            digests.put(line.group(1), line.group(2));
            line.region(line.end(), end);
        }
        return line.regionStart() == end
                ? new Entries(digests)
                : new Unusable(Owner.INDEX, path + " has a malformed line");
    }

    private static String seal(String text) {
        byte[] digest = Sha256.newDigest().digest(text.getBytes(StandardCharsets.ISO_8859_1));
        return HexFormat.of().formatHex(digest) + "\n";
    }

    /**
     * Replaces the file by these entries.
     *
     * @throws IOException if it could not be written; the file is as before then
     */
    void replace(Map<String, String> digests) throws IOException {
        StringBuilder text = new StringBuilder(TITLE);
        digests.forEach(
                (key, digest) -> text.append(key).append(' ').append(digest).append('\n'));
        text.append(seal(text.toString()));
        Path directory = Files.createDirectories(directory());
        // Readable by nobody but its owner: whoever can write an index decides what tags mean.
        Path complete = Files.createTempFile(directory, temporaryPrefix(), TEMPORARY);
        try {
            write(complete, text.toString());
            move(complete);
        } finally {
            Files.deleteIfExists(complete);
        }
    }

    private Path directory() {
        Path directory = path.getParent();
        return directory == null ? path : directory;
    }

    private String temporaryPrefix() {
        return String.valueOf(path.getFileName()) + ".";
    }

    private boolean isTemporary(String name) {
        return name.startsWith(temporaryPrefix()) && name.endsWith(TEMPORARY);
    }

    private static void write(Path target, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            // Or a power failure could leave the new name with nothing behind it.
            channel.force(true);
        }
    }

    private void move(Path complete) throws IOException {
        try {
            Files.move(complete, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // The last line tells if this one was cut short.
            Files.move(complete, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes what processes that were killed while they were saving have left. */
    void removeLeftovers() {
        try (DirectoryStream<Path> siblings =
                Files.newDirectoryStream(directory(), sibling -> isTemporary(String.valueOf(sibling.getFileName())))) {
            for (Path sibling : siblings) {
                if (Files.getLastModifiedTime(sibling)
                        .toInstant()
                        .plus(LEFT_OVER)
                        .isBefore(Instant.now())) {
                    Files.deleteIfExists(sibling);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // There is no such directory yet, or it may not be read; then nothing of ours is there.
        }
    }
}
