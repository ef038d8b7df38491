// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
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

    /** Answers with a representation of the file. */
    @FunctionalInterface
    public interface Answer {

        /** As {@link ContentResponse#send}. */
        void send(Representation representation) throws IOException;
    }

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
        send(path, FileState.of(path), contentType, request, delivery);
    }

    /**
     * Answers with a file that was looked at for this request already.
     *
     * @param state what was found
     */
    public void send(
            Path path, FileState state, Optional<String> contentType, ContentRequest request, Delivery delivery)
            throws IOException {
        send(
                path,
                state,
                contentType,
                unread -> EarlyDecision.of(request, door.decide(unread, request)),
                representation -> door.send(representation, request, delivery));
    }

    /**
     * Lets somebody else answer with a file that was looked at for this request already, again if it was changed in between.
     *
     * @param state what was found
     * @param asItIs tells, given the file under its metadata tag alone, whether it is answered with it in this form and with
     *     no other; it is not read then for an answer that has none of its bytes
     * @param answer must write nothing before it has opened the representation
     */
    public void send(
            Path path,
            FileState state,
            Optional<String> contentType,
            ContentRequest request,
            Predicate<Representation> asItIs,
            Answer answer)
            throws IOException {
        send(
                path,
                state,
                contentType,
                unread -> asItIs.test(unread)
                        ? EarlyDecision.of(request, door.decide(unread, request))
                        : EarlyDecision.OPEN,
                answer);
    }

    /** @param decided tells whether the request is answered without the bytes, given the file under its metadata tag alone */
    private void send(
            Path path,
            FileState looked,
            Optional<String> contentType,
            Function<FileRepresentation, EarlyDecision> decided,
            Answer answer)
            throws IOException {
        FileState state = looked;
        for (int left = TRIES; ; left--) {
            try {
                answer.send(FileRepresentation.of(path, state, contentType, tags, decided));
                return;
            } catch (StaleFileException e) {
                // Thrown before the head is written, so the next state can be answered whole.
                if (left == 1) {
                    answer.send(FileRepresentation.ofMoving(path, contentType));
                    return;
                }
                state = FileState.of(path);
            }
        }
    }
}
