// SPDX-License-Identifier: Apache-2.0
package dev.resumable.live;

import dev.resumable.http.RangeFieldGenerator;
import dev.resumable.http.RangeLimits;
import dev.resumable.http.RangeOracle;
import dev.resumable.live.LiveCondition.Effect;
import dev.resumable.live.LiveCondition.Kind;
import dev.resumable.testing.RawRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One random request and the answer that it deserves.
 *
 * @param range the value of Range, if the request has one
 */
record LiveRequest(LiveTarget target, String method, Optional<String> range, List<LiveCondition> conditions) {
    private static final int LONGEST_FIELD = 4_000;

    /** Makes a request for a target: nearly always with Range, often with conditions, now and then HEAD. */
    static LiveRequest random(Random random, LiveTarget target) {
        List<LiveCondition> conditions = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (random.nextInt(kind == Kind.RANGE ? 2 : 6) == 0) {
                List<LiveCondition> ofKind = Stream.of(LiveCondition.values())
                        .filter(condition -> condition.kind() == kind && condition.isForeseeable(target))
                        .toList();
                conditions.add(ofKind.get(random.nextInt(ofKind.size())));
            }
        }
        Optional<String> range = random.nextInt(40) == 0 ? Optional.empty() : Optional.of(range(random, target));
        return new LiveRequest(target, random.nextInt(20) == 0 ? "HEAD" : "GET", range, List.copyOf(conditions));
    }

    /** What no field line can carry and what containers refuse as too long is left to the tests of the parser. */
    private static String range(Random random, LiveTarget target) {
        RangeFieldGenerator generator = new RangeFieldGenerator(random);
        String value = generator.fieldValue(target.all().length);
        while (value.length() > LONGEST_FIELD || !value.chars().allMatch(c -> c == '\t' || c >= ' ' && c < 0x7f)) {
            value = generator.fieldValue(target.all().length);
        }
        return value;
    }

    RawRequest toRaw() {
        List<String> lines = new ArrayList<>();
        range.ifPresent(value -> lines.add("Range: " + value));
        conditions.forEach(condition -> lines.add(condition.line(target)));
        return RawRequest.of(method, target.path(), lines.toArray(String[]::new));
    }

    /** Gives "412", "304", "416", "200", or "single" or "multipart" and the positions: RFC 9110 §13.2.2, §14.2. */
    String expected() {
        List<Effect> effects = conditions.stream()
                .flatMap(condition -> condition.effect(target).stream())
                .toList();
        if (effects.contains(Effect.FAILED)) {
            return "412";
        }
        if (effects.contains(Effect.NOT_MODIFIED)) {
            return "304";
        }
        if (effects.contains(Effect.WHOLE) || method.equals("HEAD") || range.isEmpty()) {
            return "200";
        }
        String selected = new RangeOracle(target.all().length, RangeLimits.defaults()).decide(range.get());
        return switch (selected.split(" ", 2)[0]) {
            case "ignored", "whole" -> "200";
            case "unsatisfiable" -> "416";
            default -> selected;
        };
    }

    @Override
    public String toString() {
        return toRaw() + " of " + target.all().length + " bytes";
    }
}
