// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Compares parsing and selection with {@link RangeOracle} on random values.
 *
 * <p>The seed is printed; the system property {@code resumable.seed} runs one again.
 */
class RangeOracleTest {
    private static final int PAIRS = 1_000_000;
    private static final RangeLimits[] LIMITS = {
        RangeLimits.defaults(),
        new RangeLimits(100, 100, 100, 40, 5),
        new RangeLimits(1000, 1000, 1000, 0, 0),
        new RangeLimits(4, 1, 1, 10, 30),
        new RangeLimits(3, 0, 0, 1, 0)
    };

    @Test
    void decidesAsTheOracleDoes() {
        long seed = Long.getLong("resumable.seed", System.nanoTime());
        System.out.println("RangeOracleTest: -Dresumable.seed=" + seed);
        Random random = new Random(seed);
        RangeFieldGenerator generator = new RangeFieldGenerator(random);
        Map<String, Integer> seen = new TreeMap<>();
        for (int i = 0; i < PAIRS; i++) {
            long completeLength = generator.completeLength();
            String fieldValue = generator.fieldValue(completeLength);
            RangeLimits limits = LIMITS[random.nextInt(LIMITS.length)];
            String expected = new RangeOracle(completeLength, limits).decide(fieldValue);
            String actual = decide(fieldValue, completeLength, limits);
            if (!actual.equals(expected)) {
                fail("seed %d: <%s> of %d bytes within %s: expected <%s> but was <%s>"
                        .formatted(seed, fieldValue, completeLength, limits, expected, actual));
            }
            seen.merge(kind(expected), 1, Integer::sum);
        }
        assertEveryKindWasSeen(seen);
    }

    /** A generator that never reaches one of the answers would prove nothing about it. */
    private static void assertEveryKindWasSeen(Map<String, Integer> seen) {
        assertThat(seen)
                .containsOnlyKeys(
                        "ignored",
                        "single",
                        "multipart",
                        "unsatisfiable",
                        "whole NOTHING_TO_CUT",
                        "whole TOO_MANY_RANGES",
                        "whole TOO_MANY_OVERLAPS",
                        "whole TOO_MANY_DESCENDING",
                        "whole LARGER_THAN_WHOLE");
        assertThat(seen.values()).allMatch(count -> count > PAIRS / 1000);
    }

    private static String kind(String decision) {
        return decision.startsWith("whole") ? decision : decision.split(" ", 2)[0];
    }

    private static String decide(String fieldValue, long completeLength, RangeLimits limits) {
        return RangesSpecifier.parse(List.of(fieldValue))
                .map(asked -> RangeSelectionText.of(RangeSelection.select(asked, completeLength, limits)))
                .orElse("ignored");
    }
}
