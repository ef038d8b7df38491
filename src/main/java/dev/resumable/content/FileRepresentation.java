// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

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
    private final Optional<String> contentType;

    private FileRepresentation(Path path, FileState state, FileIdentity identity, Optional<String> contentType) {
        this.path = path;
        this.state = state;
        this.identity = identity;
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
        FileState state = FileState.of(path);
        return new FileRepresentation(path, state, tags.identify(path, state), contentType);
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
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            // Compared after opening: from here on the channel keeps the file, whatever happens to its path.
            if (!FileState.of(path).equals(state)) {
                throw new StaleFileException(path);
            }
            return new FileRangeStream(channel, path, state, range);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Makes sure that bytes which another has read from the path are of the state that this object describes.
     *
     * @throws IOException if the file is gone, was replaced or was written to
     */
    public void requireCurrent() throws IOException {
        if (!FileState.of(path).equals(state)) {
            throw new StaleFileException(path);
        }
    }
}
