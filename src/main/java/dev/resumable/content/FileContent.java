// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Sends files: looks the state up, answers, and looks again if the file was changed in between.
 *
 * <p>One that changes every time is sent as long as it is now, without a tag: nobody can resume it, but it can be read.
 *
 * <p>Safe for use by many threads.
 */
public final class FileContent {

    private static final int TRIES = 3;

    private final ContentResponse door;
    private final EntityTagSource tags;

    /** Sends through this door, with tags of this source. */
    public FileContent(ContentResponse door, EntityTagSource tags) {
        this.door = door;
        this.tags = tags;
    }

    /**
     * Answers with a file.
     *
     * @param contentType the media type to send, or empty if the response has it already
     * @throws java.nio.file.NoSuchFileException if there is no regular file at the path; nothing was written then
     * @throws IOException as {@link ContentResponse#send}
     */
    public void send(Path path, Optional<String> contentType, ContentRequest request, Delivery delivery)
            throws IOException {
        Predicate<FileRepresentation> decided = unread -> EarlyDecision.isFinal(request, door.decide(unread, request));
        for (int left = TRIES; ; left--) {
            try {
                door.send(FileRepresentation.of(path, contentType, tags, decided), request, delivery);
                return;
            } catch (StaleFileException e) {
                // Thrown before the head is written, so the next state can be answered whole.
                if (left == 1) {
                    door.send(FileRepresentation.ofMoving(path, contentType), request, delivery);
                    return;
                }
            }
        }
    }
}
