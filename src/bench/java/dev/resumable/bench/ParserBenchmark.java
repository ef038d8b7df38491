// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.EntityTag;
import dev.resumable.http.RangesSpecifier;
import dev.resumable.http.TagCondition;
import dev.resumable.http.Validators;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What reading the fields of a request costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ParserBenchmark {

    private static final String TAG = "\"c.q0Vm3Zr7hXUvE1bT9yLwKd2s\"";

    private final List<String> range = List.of("bytes=1048576-2097151");
    private final List<String> ranges = List.of("bytes=0-99, 200-299, 1000-, -500");
    private final List<String> ifNoneMatch = List.of(TAG);
    private final List<String> ifNoneMatchOfCache = List.of("W/\"5f-18c\", \"abc\", " + TAG);
    private final List<String> date = List.of("Sun, 06 Nov 1994 08:49:37 GMT");
    private final EntityTag tag = EntityTag.parse(TAG).orElseThrow();
    private final EntityTag sameTag =
            EntityTag.parse(new String(TAG.toCharArray())).orElseThrow();
    private final TagCondition condition = TagCondition.parse(ifNoneMatchOfCache);
    private final Validators validators = Validators.of(sameTag, Instant.EPOCH);

    /** A usual {@code Range}. */
    @Benchmark
    public Optional<RangesSpecifier> range() {
        return RangesSpecifier.parse(range);
    }

    /** A {@code Range} with a set of four. */
    @Benchmark
    public Optional<RangesSpecifier> rangeSet() {
        return RangesSpecifier.parse(ranges);
    }

    /** A usual {@code If-None-Match}. */
    @Benchmark
    public TagCondition ifNoneMatch() {
        return TagCondition.parse(ifNoneMatch);
    }

    /** An {@code If-None-Match} with three tags. */
    @Benchmark
    public TagCondition ifNoneMatchOfCache() {
        return TagCondition.parse(ifNoneMatchOfCache);
    }

    /** All conditional fields of a browser that revalidates. */
    @Benchmark
    public ConditionalRequest conditionalRequest() {
        return ConditionalRequest.parse(name -> switch (name) {
            case "If-None-Match" -> ifNoneMatch;
            case "If-Modified-Since" -> date;
            default -> List.of();
        });
    }

    /** The strong comparison of two equal tags. */
    @Benchmark
    public boolean strongComparison() {
        return tag.matchesStrongly(sameTag);
    }

    /** The weak comparison of three tags with the current one. */
    @Benchmark
    public boolean weakComparison() {
        return condition.matchesWeakly(validators);
    }
}
