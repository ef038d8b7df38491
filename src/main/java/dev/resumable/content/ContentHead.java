// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentOptions.DigestPolicy;
import dev.resumable.content.ContentRequest.AcceptedCodings;
import dev.resumable.content.ContentRequest.WantedDigest;
import dev.resumable.http.CacheControlField;
import dev.resumable.http.ContentRange;
import dev.resumable.http.DigestFields;
import dev.resumable.http.EntityTag;
import dev.resumable.http.HttpDate;
import dev.resumable.http.IfRange;
import dev.resumable.http.RangeOutcome;
import dev.resumable.http.RequestMethod;
import dev.resumable.metrics.TransferEvents.Answer;
import dev.resumable.servlet.Container;
import dev.resumable.servlet.ResponseFields;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes status and fields of an answer.
 *
 * <p>Errors are set by {@code setStatus}: {@code sendError} would let the container throw away Content-Range and ETag and put
 * an error page in their place.
 */
final class ContentHead {

    /** Fields of the application that are true of a 200 alone (RFC 9530 §2, RFC 1864). */
    private static final List<String> DIGESTS_OF_THE_WHOLE_CONTENT = List.of("Content-Digest", "Content-MD5");

    /** Fields that describe content, which 304, 412 and 416 do not have (RFC 9110 §15.4.5). */
    private static final List<String> CONTENT_FIELDS =
            List.of("Content-Type", "Content-Encoding", "Content-Language", "Content-Digest", "Content-MD5");

    /**
     * As above, with what else is said of the representation and in an error would be said of that (RFC 9530 §3, RFC 9110
     * §8.7, RFC 6266); and with its freshness, since a cache gives an error to everybody whom it counts as fresh for,
     * whatever ranges and conditions they ask with (RFC 9111 §3, §4.2.1).
     */
    private static final List<String> NOT_IN_ERRORS = Stream.concat(
                    CONTENT_FIELDS.stream(),
                    Stream.of("Repr-Digest", "Content-Location", "Content-Disposition", "Cache-Control", "Expires"))
            .toList();

    /** Longer than the clock of a container is behind, or the time for which it works on a request that it has dated. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private final ContentRequest request;
    private final RepresentationMetadata metadata;
    private final ContentOptions options;
    private final AnswerObserver observer;
    private final HttpServletResponse response;

    ContentHead(
            ContentRequest request,
            RepresentationMetadata metadata,
            ContentOptions options,
            AnswerObserver observer,
            HttpServletResponse response) {
        this.request = request;
        this.metadata = metadata;
        this.options = options;
        this.observer = observer;
        this.response = response;
    }

    /** The body that a decision needs; empty where the status has none. */
    Optional<ContentBody> bodyOf(ContentDecision decision) {
        if (decision instanceof ContentDecision.Whole) {
            return Optional.of(ContentBody.whole(metadata.length()));
        }
        if (decision instanceof ContentDecision.Part part) {
            return Optional.of(ContentBody.part(part.range()));
        }
        if (decision instanceof ContentDecision.Parts parts) {
            // Set and read back, since containers rewrite it: a part must say what the 200 says (RFC 9110 §15.3.7.2).
            metadata.contentType().ifPresent(response::setContentType);
            Optional<String> partType = Optional.ofNullable(response.getContentType());
            return Optional.of(MultipartByteranges.plan(parts.ranges(), metadata.length(), partType));
        }
        return Optional.empty();
    }

    /** Writes the head of an answer without content. */
    void write(ContentDecision decision) {
        if (decision instanceof ContentDecision.NotModified) {
            notModified();
        } else if (decision instanceof ContentDecision.PreconditionFailed) {
            bodiless(HttpServletResponse.SC_PRECONDITION_FAILED, RangeOutcome.PRECONDITION_FAILED);
        } else {
            bodiless(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE, RangeOutcome.UNSATISFIABLE);
            response.setHeader(
                    "Content-Range", ContentRange.unsatisfied(metadata.length()).toString());
            response.setHeader("Accept-Ranges", "bytes");
        }
    }

    /** Writes the head of an answer with content. */
    void write(ContentDecision decision, ContentBody body) {
        if (decision instanceof ContentDecision.Whole whole) {
            begin(HttpServletResponse.SC_OK, whole.why(), body.length());
            whole();
        } else {
            begin(HttpServletResponse.SC_PARTIAL_CONTENT, RangeOutcome.APPLIED, body.length());
            partial(decision, body);
        }
        response.setContentLengthLong(body.length());
    }

    private void begin(int status, RangeOutcome range, long contentLength) {
        boolean head = request.method() == RequestMethod.HEAD;
        boolean inPlaceOfWhole =
                status == HttpServletResponse.SC_PARTIAL_CONTENT || status == HttpServletResponse.SC_NOT_MODIFIED;
        long saved = inPlaceOfWhole && !head ? Math.max(0, metadata.length() - contentLength) : 0;
        observer.decided(new Answer(status, range, head ? 0 : contentLength, saved));
        response.setStatus(status);
    }

    /**
     * The digest of a body, where it is asked for and either known or short enough to be read an extra time.
     *
     * @throws IOException if the representation cannot be read
     */
    Optional<String> contentDigest(ContentBody body, Representation representation) throws IOException {
        if (!wants(options.contentDigest(), WantedDigest.CONTENT)) {
            return Optional.empty();
        }
        if (body.isWhole(metadata.length()) && metadata.sha256().isPresent()) {
            // The content of a 200 is the representation, so the two digests are one (RFC 9530 §2).
            return metadata.sha256().map(DigestFields::sha256);
        }
        if (body.length() > options.syncDigestSize()) {
            return Optional.empty();
        }
        try (BodyBlocks blocks = new BodyBlocks(body, representation)) {
            MessageDigest digest = Sha256.newDigest();
            for (ByteBuffer block = blocks.next(); block.hasRemaining(); block = blocks.next()) {
                digest.update(block);
            }
            return Optional.of(DigestFields.sha256(digest.digest()));
        }
    }

    private void whole() {
        metadata.contentType().ifPresent(response::setContentType);
        metadata.contentCoding().ifPresentOrElse(coding -> response.setHeader("Content-Encoding", coding), () -> {
            // Tomcat does not compress what has a strong tag, Jetty gives the coded form a tag of its own.
            // Undertow sends one strong tag for both, and caches would splice them (RFC 9110 §8.8.3).
            if (Container.of(response) == Container.UNDERTOW) {
                forbidRecoding();
            }
        });
        describe();
        lastModified();
    }

    private void partial(ContentDecision decision, ContentBody body) {
        if (decision instanceof ContentDecision.Part part) {
            metadata.contentType().ifPresent(response::setContentType);
            response.setHeader(
                    "Content-Range",
                    ContentRange.satisfied(part.range(), metadata.length()).toString());
        } else {
            // Withdrawn first, or the container would append the charset of the part type to the multipart type.
            ResponseFields.withdraw(response, List.of("Content-Type"));
            // Typed, since Servlet 6.1 has a second method of this name.
            response.setCharacterEncoding((String) null);
            body.contentType().ifPresent(response::setContentType);
        }
        describe();
        if (request.conditions().ifRange() instanceof IfRange.Absent) {
            // RFC 9110 §15.3.7: after If-Range the client has the other metadata already.
            lastModified();
        }
        ResponseFields.withdraw(response, DIGESTS_OF_THE_WHOLE_CONTENT);
        metadata.contentCoding()
                .ifPresentOrElse(coding -> response.setHeader("Content-Encoding", coding), this::forbidRecoding);
    }

    private void notModified() {
        begin(HttpServletResponse.SC_NOT_MODIFIED, RangeOutcome.NOT_MODIFIED, 0);
        ResponseFields.withdraw(response, CONTENT_FIELDS);
        entityTag();
        if (metadata.validators().entityTag().isEmpty()) {
            lastModified();
        }
        // One container adds "Content-Length: 0" where there is none; the only length allowed is that of the 200
        // (RFC 9110 §8.6).
        response.setContentLengthLong(metadata.length());
    }

    /**
     * Keeps compressors between us and the client away from a body that they would spoil.
     *
     * <p>Deviation: RFC 9110 §8.4.1 reserves "identity" for Accept-Encoding. All four container compressors gzip a 206 and
     * leave its Content-Range as it was, which corrupts the client's copy, and a coding that is already named is the only
     * field that stops every one of them.
     */
    private void forbidRecoding() {
        if (request.codings() == AcceptedCodings.SOME && !response.containsHeader("Content-Encoding")) {
            response.setHeader("Content-Encoding", "identity");
        }
    }

    private void bodiless(int status, RangeOutcome range) {
        begin(status, range, 0);
        boolean unstorable = CacheControlField.parse(List.copyOf(response.getHeaders("Cache-Control")))
                .has("no-store");
        ResponseFields.withdraw(response, NOT_IN_ERRORS);
        if (unstorable) {
            response.setHeader("Cache-Control", "no-store");
        }
        entityTag();
        response.setContentLengthLong(0);
    }

    private void describe() {
        entityTag();
        // RFC 9110 §14.3: "none" tells the client not to try.
        response.setHeader("Accept-Ranges", options.maxRanges() == 0 ? "none" : "bytes");
        if (wants(options.reprDigest(), WantedDigest.REPRESENTATION)) {
            metadata.sha256().ifPresent(digest -> response.setHeader("Repr-Digest", DigestFields.sha256(digest)));
        }
    }

    private void entityTag() {
        metadata.validators().entityTag().map(EntityTag::toString).ifPresent(tag -> response.setHeader("ETag", tag));
    }

    private void lastModified() {
        metadata.validators().lastModified().ifPresent(this::lastModified);
    }

    /** RFC 9110 §8.8.2.1: never later than Date, which therefore is ours where it could be the earlier one. */
    private void lastModified(Instant time) {
        Instant now = Instant.now();
        if (time.isAfter(now.minus(YOUNG))) {
            response.setHeader("Date", HttpDate.format(now));
        }
        response.setHeader("Last-Modified", HttpDate.format(time.isAfter(now) ? now : time));
    }

    private boolean wants(DigestPolicy policy, WantedDigest digest) {
        return switch (policy) {
            case NEVER -> false;
            case WANTED -> request.wantedDigests().contains(digest);
            case ALWAYS -> true;
        };
    }
}
