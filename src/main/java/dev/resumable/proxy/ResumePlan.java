// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.http.ByteRange;
import dev.resumable.http.ContentRange;
import dev.resumable.http.EntityTag;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Decides how an answer that broke may go on: what to ask, and which answers really are its rest. Pure; no I/O.
 *
 * @param tag the strong entity-tag: equal tags promise equal bytes (RFC 9110 §8.8.1)
 * @param range the bytes of the representation that the answer consists of
 * @param total the length of the whole representation
 * @param codings its content codings, which belong to the bytes
 */
record ResumePlan(EntityTag tag, ByteRange range, long total, List<String> codings) {

    private static final int PARTIAL = 206;
    private static final long MOST_SECONDS = 1_000_000;
    private static final Set<Integer> PERHAPS_LATER = Set.of(429, 502, 503, 504);

    /** RFC 9110 §13.1: what the client wanted to know is answered already. */
    private static final Set<String> CONDITIONS = Set.of(
            "range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "expect");

    /** What becomes of an answer to a resuming request. */
    sealed interface Verdict {}

    /** It goes on with the bytes that are wanted, once so many others are skipped. */
    record GoOn(long skip) implements Verdict {}

    /** Not now, but perhaps after a while; the time is that of Retry-After if there was one. */
    record Later(Optional<Duration> retryAfter) implements Verdict {}

    /** It is not the rest of this answer, and never will be. */
    record Different() implements Verdict {}

    /** A plan for an answer, if it can be resumed: the whole or one range of a GET, with a length and a strong tag. */
    static Optional<ResumePlan> of(UpstreamRequest request, UpstreamResponse answer) {
        Optional<EntityTag> tag = strongTag(answer);
        if (!request.method().equals("GET") || tag.isEmpty() || answer.length().isEmpty()) {
            return Optional.empty();
        }
        long length = answer.length().getAsLong();
        List<String> codings = answer.fields().lines("Content-Encoding");
        if (answer.status() == 200 && length > 0) {
            return Optional.of(new ResumePlan(tag.get(), new ByteRange(0, length - 1), length, codings));
        }
        return contentRange(answer)
                .filter(found -> found.range().get().length() == length)
                .map(found -> new ResumePlan(
                        tag.get(), found.range().get(), found.completeLength().getAsLong(), codings));
    }

    private static Optional<EntityTag> strongTag(UpstreamResponse answer) {
        List<String> lines = answer.fields().lines("ETag");
        return lines.size() == 1 ? EntityTag.parse(lines.get(0)).filter(EntityTag::isStrong) : Optional.empty();
    }

    /** That of a 206 with one range; one of several ranges has the field in its parts. */
    private static Optional<ContentRange> contentRange(UpstreamResponse answer) {
        List<String> lines = answer.fields().lines("Content-Range");
        return answer.status() == PARTIAL && lines.size() == 1
                ? ContentRange.parse(lines.get(0))
                        .filter(found -> found.range().isPresent()
                                && found.completeLength().isPresent())
                : Optional.empty();
    }

    /** The request for what is missing, after so many bytes of the answer have come. */
    UpstreamRequest ask(UpstreamRequest original, long received) {
        FieldSection fields = original.fields().copy().removeAll(CONDITIONS);
        fields.set("Range", "bytes=" + (range.first() + received) + "-" + range.last());
        fields.set("If-Range", tag.toString());
        return original.with(fields);
    }

    /** Judges an answer to {@link #ask}. */
    Verdict judge(UpstreamResponse answer, long received) {
        if (PERHAPS_LATER.contains(answer.status())) {
            return new Later(retryAfter(answer));
        }
        boolean same = strongTag(answer).equals(Optional.of(tag))
                && answer.fields().lines("Content-Encoding").equals(codings);
        if (!same) {
            return new Different();
        }
        long next = range.first() + received;
        if (answer.status() == 200) {
            // Ranges were ignored, or refused this once. The bytes are the same, so those before can be read over.
            return answer.length().equals(OptionalLong.of(total)) ? new GoOn(next) : new Different();
        }
        boolean fits = contentRange(answer)
                .filter(found -> found.range().get().first() == next
                        && found.range().get().last() <= range.last()
                        && found.completeLength().getAsLong() == total
                        && answer.length().orElse(found.range().get().length())
                                == found.range().get().length())
                .isPresent();
        return fits ? new GoOn(0) : new Different();
    }

    /** Seconds alone: a date would need two clocks that agree (RFC 9110 §10.2.3). */
    private static Optional<Duration> retryAfter(UpstreamResponse answer) {
        OptionalLong seconds = FieldSection.number(answer.fields().first("Retry-After"));
        return seconds.isPresent()
                ? Optional.of(Duration.ofSeconds(Math.min(seconds.getAsLong(), MOST_SECONDS)))
                : Optional.empty();
    }
}
