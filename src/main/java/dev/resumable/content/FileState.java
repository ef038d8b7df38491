// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One state of a file, as far as the file system tells states apart.
 *
 * @param key what names the file itself, not its path: device and inode where there are such
 * @param size in bytes
 * @param modified the modification time, to the nanosecond where the file system keeps it so
 * @param changed when bytes or attributes last changed, which no program can set back; where the file system does not tell,
 *     the modification time
 */
public record FileState(Object key, long size, Instant modified, Instant changed) {

    /** The coarsest clock of a file system in use: two writes within it may leave one and the same time. */
    private static final Duration GRAIN = Duration.ofSeconds(2);

    private static final String BASIC = "isRegularFile,size,lastModifiedTime,fileKey";
    private static final String UNIX = "unix:" + BASIC + ",ctime";
    private static final boolean DEFAULT_IS_UNIX = isUnix(FileSystems.getDefault());

    /**
     * Reads the state; links are followed.
     *
     * @throws NoSuchFileException if there is no regular file
     * @throws IOException if the file system cannot tell
     */
    public static FileState of(Path path) throws IOException {
        // One call for all of it: a request looks at its file more than once.
        boolean unix =
                path.getFileSystem() == FileSystems.getDefault() ? DEFAULT_IS_UNIX : isUnix(path.getFileSystem());
        Map<String, ?> attributes = Files.readAttributes(path, unix ? UNIX : BASIC);
        if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
            throw new NoSuchFileException(path.toString(), null, "not a regular file");
        }
        Object key = attributes.get("fileKey");
        Instant modified = time(attributes, "lastModifiedTime");
        return new FileState(
                key == null ? path.toAbsolutePath() : key,
                (Long) given(attributes, "size"),
                modified,
                unix ? time(attributes, "ctime") : modified);
    }

    /**
     * A short look, for a third of the cost of {@link #of}: true if the same file is at the path, with the same size and
     * modification time. It does not see what has changed besides.
     */
    public boolean isSeenAt(Path path) throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return now.isRegularFile()
                && now.size() == size
                && now.lastModifiedTime().toInstant().equals(modified)
                && key.equals(now.fileKey() == null ? path.toAbsolutePath() : now.fileKey());
    }

    private static boolean isUnix(FileSystem system) {
        return system.supportedFileAttributeViews().contains("unix");
    }

    private static Instant time(Map<String, ?> attributes, String name) {
        return ((FileTime) given(attributes, name)).toInstant();
    }

    private static Object given(Map<String, ?> attributes, String name) {
        return Objects.requireNonNull(attributes.get(name), name);
    }

    /** True if nothing has happened to the file for this long: no cache that looks at files so often is behind. */
    public boolean hasStoodStill(Duration time, Instant now) {
        // Both, since some file systems tell only of the one; a time that lies ahead is no proof of anything.
        return isOlder(changed, time, now) && isOlder(modified, time, now);
    }

    private static boolean isOlder(Instant moment, Duration time, Instant now) {
        return Duration.between(moment, now).compareTo(time) > 0;
    }

    /** True if a further write would show in the modification time, so that equal states mean equal bytes. */
    boolean isSettled(Instant now) {
        return modified.plus(GRAIN).isBefore(now);
    }

    /**
     * True if a further write would show in the time of the last change too, which a program cannot set back as it can the
     * modification time: what is found out about this state now may be believed later.
     */
    boolean isLasting(Instant now) {
        return isSettled(now) && hasStoodStill(GRAIN, now);
    }
}
