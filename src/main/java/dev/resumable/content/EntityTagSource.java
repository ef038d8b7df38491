// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Makes entity-tags, of a recognisable form.
 *
 * <p>A content tag is {@code c.} and the first 144 bits of the SHA-256 of the bytes as they travel, in base64url: two
 * representations share it only if they are equal. A metadata tag is {@code m.} and the size and modification time of a
 * file, and the time of its last change: cheap, and strong once the file is older than the clock's grain (RFC 9110 §8.8.1). Both tags of a file's current
 * state are honoured in every comparison, so a download that began under one goes on under the other.
 */
public final class EntityTagSource implements AutoCloseable {

    private static final String CONTENT = "c.";
    private static final String METADATA = "m.";
    private static final int TAG_BYTES = 18;
    private static final int MOST_LASTING = 10_000;

    /** So few bytes are read in no time, and an error that names the tag of the file is of more use than one that does not. */
    private static final int READ_FOR_A_TAG = 64 << 10;

    private static final int METADATA_BYTES = 3 * Long.BYTES + 2 * Integer.BYTES;
    private static final int TAG_CHARACTERS = TAG_BYTES / 3 * 4;

    private final Policy policy;
    private final long syncDigestSize;
    private final ContentDigests digests;
    private final SmallFiles smallFiles;
    private final Map<FileState, FileIdentity> lasting = new ConcurrentHashMap<>();

    /** What the tag of a file is made of. */
    public enum Policy {
        /** The bytes of the file, always: the first request of a large file waits for its digest. */
        CONTENT,
        /** Size and modification time; no file is ever digested. */
        METADATA,
        /** The bytes of small files, size and modification time of large ones, whose digest is found in the background. */
        AUTO
    }

    /**
     * A source with its own cache of digests.
     *
     * @param syncDigestSize with {@link Policy#AUTO}, the largest file in bytes that is digested while its request waits
     */
    public EntityTagSource(Policy policy, long syncDigestSize) {
        this(policy, syncDigestSize, Optional.empty(), ContentOptions.defaults().fileCacheSize());
    }

    private EntityTagSource(Policy policy, long syncDigestSize, Optional<DigestIndex> index, long fileCacheSize) {
        this.smallFiles = new SmallFiles(fileCacheSize);
        this.policy = policy;
        this.syncDigestSize = syncDigestSize;
        this.digests = new ContentDigests(index);
    }

    /** A source as the options have it, with the index of digests that they name. */
    public static EntityTagSource of(ContentOptions options) {
        boolean isDigesting = options.etag() != Policy.METADATA;
        Optional<DigestIndex> index =
                options.digestIndex().filter(path -> isDigesting).map(DigestIndex::open);
        return new EntityTagSource(options.etag(), options.syncDigestSize(), index, options.fileCacheSize());
    }

    /** The strong tag of bytes with this SHA-256 (32 bytes). */
    public static EntityTag contentTag(byte[] sha256) {
        return EntityTag.strong(CONTENT + base64url(Arrays.copyOf(sha256, TAG_BYTES)));
    }

    /** True if the tag has the form of a tag made here; others come from the application behind us. */
    public static boolean isOurs(EntityTag tag) {
        String opaque = tag.opaque();
        return isContentTag(tag)
                || (opaque.startsWith(METADATA) && opaque.length() == METADATA.length() + TAG_CHARACTERS);
    }

    /** True if the tag has the form of one that is made of bytes. */
    static boolean isContentTag(EntityTag tag) {
        return tag.opaque().startsWith(CONTENT) && tag.opaque().length() == CONTENT.length() + TAG_CHARACTERS;
    }

    /**
     * Finds tag and digest of a file's state, from the cache where it can.
     *
     * @param decided tells whether the request is answered by the metadata tag alone; asked before a small file is read
     * @throws IOException if the file had to be digested and could not be read
     */
    FileIdentity identify(Path path, FileState state, Function<FileIdentity, EarlyDecision> decided)
            throws IOException {
        FileIdentity known = lasting.get(state);
        if (known != null) {
            return known;
        }
        // Before anything is found: what was found of a state that did not last then may be of another one.
        boolean lasting = state.isLasting(Instant.now());
        FileIdentity found = find(path, state, decided);
        if (lasting && (policy == Policy.METADATA || isKept(path, state, found))) {
            remember(state, found);
        }
        return found;
    }

    /** False for a digest that was read for one who asked before the state lasted. */
    private boolean isKept(Path path, FileState state, FileIdentity found) {
        Optional<byte[]> digest = found.sha256();
        return digest.isPresent()
                && digests.known(path, state)
                        .filter(known -> Arrays.equals(known, digest.get()))
                        .isPresent();
    }

    /** Of what lasts, nothing else will ever be said; made once, since most requests are for files that were asked for before. */
    private void remember(FileState state, FileIdentity found) {
        if (lasting.size() >= MOST_LASTING) {
            lasting.clear();
        }
        lasting.put(state, found);
    }

    private FileIdentity find(Path path, FileState state, Function<FileIdentity, EarlyDecision> decided)
            throws IOException {
        EntityTag metadata = metadataTag(state);
        if (policy == Policy.METADATA) {
            return unread(state, metadata);
        }
        Optional<byte[]> known = digests.known(path, state);
        if (known.isPresent()) {
            return identify(state, metadata, known.get());
        }
        if (isLarge(state)) {
            digests.begin(path, state);
            return unread(state, metadata);
        }
        // A state that does not last is digested by each request, and all of them must see the same tag.
        boolean mayStayUnread = policy == Policy.AUTO && state.isLasting(Instant.now());
        EarlyDecision early = mayStayUnread ? decided.apply(unread(state, metadata)) : EarlyDecision.OPEN;
        if (early == EarlyDecision.FINAL) {
            return unread(state, metadata);
        }
        return early == EarlyDecision.FINAL_WITHOUT_TAG && state.size() > READ_FOR_A_TAG
                ? unnamed(state, metadata)
                : identify(state, metadata, digests.await(path, state));
    }

    /** The bytes that were read of files in states that this source has named. */
    SmallFiles smallFiles() {
        return smallFiles;
    }

    private static FileIdentity unread(FileState state, EntityTag metadata) {
        return identity(metadata, List.of(), state, Optional.empty());
    }

    /** Decided as by the tag, which is not sent. */
    private static FileIdentity unnamed(FileState state, EntityTag metadata) {
        return new FileIdentity(
                new Validators(Optional.empty(), List.of(metadata), Optional.of(state.modified())), Optional.empty());
    }

    private FileIdentity identify(FileState state, EntityTag metadata, byte[] sha256) {
        EntityTag content = contentTag(sha256);
        if (isLarge(state) && metadata.isStrong()) {
            // The tag of a large file stays what its first requests were told: the connections of one downloader must
            // not see it change when the background digest is done.
            return identity(metadata, List.of(content), state, Optional.of(sha256));
        }
        return identity(content, metadata.isStrong() ? List.of(metadata) : List.of(), state, Optional.of(sha256));
    }

    /**
     * Digests the files below a directory in the background, slowly, so that their first requests find it done.
     *
     * <p>As many as are remembered. Symbolic links are not followed. It begins some seconds from now and ends with
     * {@link #close()}.
     *
     * @param isServed whether files and directories below the directory, given by their full paths, may be asked for
     */
    public void warmUp(Path directory, Predicate<Path> isServed) {
        if (policy != Policy.METADATA) {
            digests.warmUp(new WarmUpFiles(directory, isServed));
        }
    }

    private boolean isLarge(FileState state) {
        return policy == Policy.AUTO && state.size() > syncDigestSize;
    }

    private static FileIdentity identity(
            EntityTag tag, List<EntityTag> alsoKnownAs, FileState state, Optional<byte[]> sha256) {
        return new FileIdentity(new Validators(Optional.of(tag), alsoKnownAs, Optional.of(state.modified())), sha256);
    }

    private static EntityTag metadataTag(FileState state) {
        byte[] values = ByteBuffer.allocate(METADATA_BYTES)
                .putLong(state.size())
                .putLong(state.modified().getEpochSecond())
                .putInt(state.modified().getNano())
                .putLong(state.changed().getEpochSecond())
                .putInt(state.changed().getNano())
                .array();
        byte[] digest = Sha256.newDigest().digest(values);
        String opaque = METADATA + base64url(Arrays.copyOf(digest, TAG_BYTES));
        return state.isSettled(Instant.now()) ? EntityTag.strong(opaque) : EntityTag.weak(opaque);
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Ends the background digests and saves the index; tags are made as before, from what is known. */
    @Override
    public void close() {
        digests.close();
    }
}
