// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import dev.resumable.live.LiveTarget.DateStrength;
import java.util.Optional;

/** A conditional field whose meaning is known from how it was made, by RFC 9110 §13.1 and §13.2.2. */
enum LiveCondition {
    IF_MATCH_SAME(Kind.DEMAND, "If-Match: <tag>"),
    IF_MATCH_LIST(Kind.DEMAND, "If-Match: \"x,y\" ,\t<tag>"),
    IF_MATCH_ANY(Kind.DEMAND, "If-Match: *"),
    IF_MATCH_OTHER(Kind.DEMAND, "If-Match: \"other\"", Effect.FAILED),
    /** §13.1.1 demands the strong comparison. */
    IF_MATCH_WEAK(Kind.DEMAND, "If-Match: W/<tag>", Effect.FAILED),
    IF_UNMODIFIED_SINCE_SAME(Kind.DEMAND, "If-Unmodified-Since: <date>"),
    IF_UNMODIFIED_SINCE_BEFORE(Kind.DEMAND, "If-Unmodified-Since: " + LiveCondition.BEFORE, Effect.FAILED_IF_DATED),

    IF_NONE_MATCH_SAME(Kind.CACHE, "If-None-Match: <tag>", Effect.NOT_MODIFIED),
    /** §13.1.2 demands the weak comparison. */
    IF_NONE_MATCH_WEAK(Kind.CACHE, "If-None-Match: W/<tag>", Effect.NOT_MODIFIED),
    IF_NONE_MATCH_LIST(Kind.CACHE, "If-None-Match: \"a\", W/\"b,c\",<tag>", Effect.NOT_MODIFIED),
    IF_NONE_MATCH_ANY(Kind.CACHE, "If-None-Match: *", Effect.NOT_MODIFIED),
    IF_NONE_MATCH_OTHER(Kind.CACHE, "If-None-Match: \"other\", W/\"another\""),
    IF_MODIFIED_SINCE_SAME(Kind.CACHE, "If-Modified-Since: <date>", Effect.NOT_MODIFIED_IF_DATED),
    IF_MODIFIED_SINCE_BEFORE(Kind.CACHE, "If-Modified-Since: " + LiveCondition.BEFORE),

    IF_RANGE_SAME(Kind.RANGE, "If-Range: <tag>"),
    IF_RANGE_OTHER(Kind.RANGE, "If-Range: \"other\"", Effect.WHOLE),
    /** §13.1.5 demands the strong comparison. */
    IF_RANGE_WEAK(Kind.RANGE, "If-Range: W/<tag>", Effect.WHOLE),
    IF_RANGE_DATE(Kind.RANGE, "If-Range: <date>", Effect.WHOLE_UNLESS_STRONGLY_DATED),
    /** §13.1.5 demands an exact match, not "not later". */
    IF_RANGE_BEFORE(Kind.RANGE, "If-Range: " + LiveCondition.BEFORE, Effect.WHOLE),
    IF_RANGE_AFTER(Kind.RANGE, "If-Range: " + LiveCondition.AFTER, Effect.WHOLE),
    IF_RANGE_NONSENSE(Kind.RANGE, "If-Range: nonsense", Effect.WHOLE);

    private static final String BEFORE = "Sat, 01 Jan 2000 00:00:00 GMT";
    private static final String AFTER = "Fri, 01 Jan 2100 00:00:00 GMT";

    /** The steps of §13.2.2, in their order; a request here has at most one condition for each. */
    enum Kind {
        DEMAND,
        CACHE,
        RANGE
    }

    /** What the condition does to the request. */
    enum Effect {
        NONE,
        FAILED,
        FAILED_IF_DATED,
        NOT_MODIFIED,
        NOT_MODIFIED_IF_DATED,
        WHOLE,
        WHOLE_UNLESS_STRONGLY_DATED
    }

    private final Kind kind;
    private final String line;
    private final Effect effect;

    LiveCondition(Kind kind, String line) {
        this(kind, line, Effect.NONE);
    }

    LiveCondition(Kind kind, String line, Effect effect) {
        this.kind = kind;
        this.line = line;
        this.effect = effect;
    }

    Kind kind() {
        return kind;
    }

    /** Gives the field line for a target; a target without a date is asked with one that it cannot have. */
    String line(LiveTarget target) {
        return line.replace("<tag>", target.entityTag())
                .replace("<date>", target.lastModified().orElse("Sun, 02 Jan 2000 00:00:00 GMT"));
    }

    /** Tells whether the effect stays the same during a test; a date that is young now is a strong one soon. */
    boolean isForeseeable(LiveTarget target) {
        return effect != Effect.WHOLE_UNLESS_STRONGLY_DATED || target.dateStrength() != DateStrength.YOUNG;
    }

    /** Gives the effect on a target: {@link Effect#FAILED}, {@code NOT_MODIFIED}, {@code WHOLE}, or nothing. */
    Optional<Effect> effect(LiveTarget target) {
        boolean dated = target.dateStrength() != DateStrength.NO_DATE;
        return switch (effect) {
            case NONE -> Optional.empty();
            case FAILED, NOT_MODIFIED, WHOLE -> Optional.of(effect);
            case FAILED_IF_DATED -> dated ? Optional.of(Effect.FAILED) : Optional.empty();
            case NOT_MODIFIED_IF_DATED -> dated ? Optional.of(Effect.NOT_MODIFIED) : Optional.empty();
            case WHOLE_UNLESS_STRONGLY_DATED ->
                target.dateStrength() == DateStrength.STRONG ? Optional.empty() : Optional.of(Effect.WHOLE);
        };
    }
}
