// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * A file in the state that it had when this object was made.
 *
 * <p>A file that was replaced, truncated or written to in the meantime is never sent under the old validators: opening it
 * throws {@link StaleFileException}, and a change in mid-transfer breaks the body off before its last byte.
 */
public final class FileRepresentation implements Representation {

    private final Path path;
    private final FileState state;
    private final FileIdentity identity;
    private final SmallFiles small;
    private final Optional<String> contentType;
    private final Promise promise;

    /** What the bytes are held to. */
    private enum Promise {
        /** They are all of one state. */
        ONE_STATE,
        /** They are what is there when they are read; there is no strong validator to break. */
        AS_READ
    }

    private FileRepresentation(
            Path path,
            FileState state,
            FileIdentity identity,
            SmallFiles small,
            Optional<String> contentType,
            Promise promise) {
        this.promise = promise;
        this.path = path;
        this.state = state;
        this.identity = identity;
        this.small = small;
        this.contentType = contentType;
    }

    /**
     * Looks at the file; its bytes are read only if the tag source digests it at once.
     *
     * @param contentType the media type to send, or empty if the response has it already
     * @throws java.nio.file.NoSuchFileException if there is no regular file at the path
     */
    public static FileRepresentation of(Path path, Optional<String> contentType, EntityTagSource tags)
            throws IOException {
        return of(path, FileState.of(path), contentType, tags, unread -> EarlyDecision.OPEN);
    }

    /**
     * The file for one request.
     *
     * @param state what a look at the file has found for this request
     * @param decided tells whether the request is answered without the bytes, given the file under its metadata tag alone
     */
    static FileRepresentation of(
            Path path,
            FileState state,
            Optional<String> contentType,
            EntityTagSource tags,
            Function<FileRepresentation, EarlyDecision> decided)
            throws IOException {
        SmallFiles small = tags.smallFiles();
        FileIdentity identity = tags.identify(
                path,
                state,
                unread -> decided.apply(
                        new FileRepresentation(path, state, unread, small, contentType, Promise.ONE_STATE)));
        return new FileRepresentation(path, state, identity, small, contentType, Promise.ONE_STATE);
    }

    /**
     * Looks at a file that changes faster than it can be digested, such as a log: its present length, without any validator.
     */
    static FileRepresentation ofMoving(Path path, Optional<String> contentType) throws IOException {
        FileIdentity nothing = new FileIdentity(Validators.none(), Optional.empty());
        return new FileRepresentation(
                path, FileState.of(path), nothing, new SmallFiles(0), contentType, Promise.AS_READ);
    }

    /** The state that this object describes. */
    public FileState state() {
        return state;
    }

    @Override
    public long length() {
        return state.size();
    }

    @Override
    public Validators validators() {
        return identity.validators();
    }

    @Override
    public Optional<String> contentType() {
        return contentType;
    }

    @Override
    public Optional<byte[]> sha256() {
        return identity.sha256();
    }

    @Override
    public InputStream open(ByteRange range) throws IOException {
        return read(range).asStream();
    }

    @Override
    public Optional<RangeBlocks> blocks(ByteRange range) throws IOException {
        return Optional.of(read(range));
    }

    private RangeBlocks read(ByteRange range) throws IOException {
        Optional<RangeBlocks> kept = small.find(state, range);
        return kept.isPresent() ? kept.get() : readFile(range);
    }

    private RangeBlocks readFile(ByteRange range) throws IOException {
        boolean worthKeeping = small.takes(state, range);
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            if (promise == Promise.AS_READ) {
                return FileBlocks.unconfirmed(channel, range);
            }
            if (range.length() <= FileBlocks.TAIL) {
                FileBlocks blocks = FileBlocks.readAtOnce(channel, range, this::requireCurrent);
                if (worthKeeping) {
                    small.keep(state, blocks.tail());
                }
                return blocks;
            }
            // Compared after opening: the channel is of the file that is named now, whatever happens to its path.
            requireCurrent();
            return FileBlocks.confirmed(channel, range, this::requireUnchanged);
        } catch (EOFException e) {
            channel.close();
            throw new StaleFileException(path);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * The file as one that may be opened by its name later, when nobody can look at its state any more.
     *
     * @return its absolute path; empty if something has happened to it within this time, or if it could not be opened
     * @throws StaleFileException if it is no longer in this state
     */
    Optional<Path> settledPath(Duration time, Instant now) throws IOException {
        if (promise == Promise.AS_READ
                || !state.hasStoodStill(time, now)
                || path.getFileSystem() != FileSystems.getDefault()
                || !Files.isReadable(path)) {
            return Optional.empty();
        }
        requireCurrent();
        return Optional.of(path.toAbsolutePath());
    }

    /**
     * Makes sure that bytes which were read from the path are of the state that this object describes.
     *
     * @throws IOException if the file is gone, was replaced or was written to; also if the path leads to another file by now:
     *     what is held open may have been written to before it lost its name, and nothing tells that any more
     */
    public void requireCurrent() throws IOException {
        if (!FileState.of(path).equals(state)) {
            throw new StaleFileException(path);
        }
    }

    /** The same in mid-body, where nobody may take it for a reason to try again or to answer otherwise. */
    private void requireUnchanged() throws IOException {
        try {
            requireCurrent();
        } catch (IOException e) {
            throw new IOException("file was changed while it was being sent", e);
        }
    }
}
