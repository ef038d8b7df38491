// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentDecision.Parts;
import dev.resumable.content.ContentDecision.Whole;
import dev.resumable.http.ByteRange;
import dev.resumable.http.RequestMethod;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Sends a representation as the answer to a request: 200, 206, 304, 412 or 416 (RFC 9110 §13, §14).
 *
 * <p>Fields that the application has set before (Cache-Control, Vary, Content-Encoding, Content-Disposition ...) stay. The
 * door writes status, Content-Length, Content-Range, Accept-Ranges, the validators and the digest fields; it never
 * commits an answer whose length it does not know.
 *
 * <pre>{@code
 * ContentResponse.defaults().send(representation, request, response);
 * }</pre>
 *
 * <p>Instances are immutable and safe for use by many threads.
 */
public final class ContentResponse {

    private static final ContentResponse DEFAULTS = new ContentResponse(ContentOptions.defaults());

    private final ContentOptions options;
    private final AnswerObserver observer;

    /** Answers with these options. */
    public ContentResponse(ContentOptions options) {
        this(options, new AnswerObserver() {});
    }

    private ContentResponse(ContentOptions options, AnswerObserver observer) {
        this.options = options;
        this.observer = observer;
    }

    /** Answers with {@link ContentOptions#defaults()}. */
    public static ContentResponse defaults() {
        return DEFAULTS;
    }

    /** The same door for one answer, of which the observer is told. */
    public ContentResponse observedBy(AnswerObserver observer) {
        return new ContentResponse(options, observer);
    }

    /**
     * Answers with bytes that are read here.
     *
     * <p>Where async is supported, a longer body of a representation that has its bytes at hand
     * ({@link Representation#blocks}) goes on after this call has returned, and holds no thread while its client is slow. The
     * response must not be touched any more then. Who wants all to be sent before the call returns says
     * {@link Delivery#blocking}.
     *
     * @param response an uncommitted response whose output was not asked for yet
     * @throws IOException if the client went away or the bytes ended early; the body is then short of its Content-Length,
     *     and the exception must reach the container so that it closes the connection
     */
    public void send(Representation representation, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        send(representation, ContentRequest.of(request), Delivery.of(request, response));
    }

    /**
     * Answers a request that was parsed before; see {@link #send(Representation, HttpServletRequest, HttpServletResponse)}.
     */
    public void send(Representation representation, ContentRequest request, Delivery delivery) throws IOException {
        OpenAnswer answer = new OpenAnswer(representation, observer);
        BodySender sender;
        try {
            sender = begin(representation, request, delivery, answer);
        } catch (IOException | RuntimeException | Error e) {
            answer.end();
            throw e;
        }
        sender.send();
    }

    /** Writes the head, and gives the way of the body. */
    private BodySender begin(
            Representation representation, ContentRequest request, Delivery delivery, OpenAnswer answer)
            throws IOException {
        HttpServletResponse response = delivery.response();
        ContentDecision decision = decide(representation, request);
        ContentHead head = new ContentHead(request, representation, options, observer, response);
        Optional<ContentBody> body = head.bodyOf(decision);
        if (body.isEmpty()) {
            head.write(decision);
            return answer::complete;
        }
        if (request.method() == RequestMethod.HEAD) {
            head.write(decision, body.get());
            return answer::complete;
        }
        Optional<String> digest = head.contentDigest(body.get(), representation);
        SenderChoice choice = new SenderChoice(delivery, options);
        Optional<BodySender> byContainer = choice.byContainer(representation, body.get(), answer);
        if (byContainer.isEmpty()) {
            // Opened before a field is set: what cannot be read is then a clean error of the container's.
            answer.open(body.get());
        }
        head.write(decision, body.get());
        digest.ifPresent(value -> response.setHeader("Content-Digest", value));
        return byContainer.isPresent() ? byContainer.get() : choice.of(answer, body.get());
    }

    /**
     * Answers with bytes that the caller is going to push: all of them, from first to last.
     *
     * <p>Only what the answer needs passes through, in constant memory; the rest is swallowed.
     *
     * @return the stream to push into, or empty if the bytes cannot be cut while they pass by, since the asked ranges are
     *     not in ascending order; nothing was written to the response then. Its {@code close()} throws if the answer came out
     *     short.
     */
    public Optional<SelectingStream> receive(
            RepresentationMetadata metadata, ContentRequest request, HttpServletResponse response) throws IOException {
        ContentDecision decision = decide(metadata, request);
        if (decision instanceof Parts parts && !ascending(parts)) {
            return Optional.empty();
        }
        ContentHead head = new ContentHead(request, metadata, options, observer, response);
        Optional<ContentBody> body = head.bodyOf(decision);
        if (body.isEmpty()) {
            head.write(decision);
            return Optional.of(SelectingStream.ofNothing());
        }
        head.write(decision, body.get());
        return Optional.of(
                request.method() == RequestMethod.HEAD
                        ? SelectingStream.ofNothing()
                        : new SelectingStream(body.get(), new ClientStream(response.getOutputStream(), observer)));
    }

    /**
     * Tells whether the answer is a 200 with all bytes, also where the asked ranges could not be cut while they pass by.
     *
     * <p>For who would rather send that itself than through {@link #receive}.
     */
    public boolean sendsAll(RepresentationMetadata metadata, ContentRequest request) {
        ContentDecision decision = decide(metadata, request);
        return decision instanceof Whole || (decision instanceof Parts parts && !ascending(parts));
    }

    /**
     * Tells which bytes the answer needs, before anything is written, so that who makes them can be asked for no others.
     *
     * <p>The same request and the same metadata get that answer from {@link #receive}.
     */
    public NeededBytes needs(RepresentationMetadata metadata, ContentRequest request) {
        ContentDecision decision = decide(metadata, request);
        if (decision instanceof ContentDecision.Part part) {
            return new NeededBytes.OneRange(part.range());
        }
        if (decision instanceof ContentDecision.NotModified) {
            return new NeededBytes.None(HttpServletResponse.SC_NOT_MODIFIED);
        }
        if (decision instanceof ContentDecision.PreconditionFailed) {
            return new NeededBytes.None(HttpServletResponse.SC_PRECONDITION_FAILED);
        }
        return decision instanceof ContentDecision.RangeNotSatisfiable
                ? new NeededBytes.None(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE)
                : new NeededBytes.Others();
    }

    ContentDecision decide(RepresentationMetadata metadata, ContentRequest request) {
        return ContentDecision.decide(request, metadata, options.limits(), Instant.now());
    }

    private static boolean ascending(Parts parts) {
        long next = 0;
        for (ByteRange range : parts.ranges()) {
            if (range.first() < next) {
                return false;
            }
            next = range.last() + 1;
        }
        return true;
    }
}
