// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ByteRange;
import dev.resumable.http.RangeLimits;
import dev.resumable.http.RangeOracle;
import dev.resumable.http.RangeSelection;
import dev.resumable.http.RangeSelection.Multipart;
import dev.resumable.http.RangeSelection.Single;
import dev.resumable.http.RangeSelectionText;
import dev.resumable.http.RangeSpec;
import dev.resumable.http.RangeSpec.IntRange;
import dev.resumable.http.RangeSpec.SuffixRange;
import dev.resumable.http.RangesSpecifier;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The laws of {@link RangesSpecifier} and {@link RangeSelection}.
 *
 * <p>The input is the complete length, LF, and the lines of a {@code Range} field. Parsing what a set is written as
 * gives the set; what is selected lies within the representation, no byte twice, no answer past the limits; and the
 * decision is that of {@link RangeOracle}.
 */
final class RangeLaws {
    private static final int LONGEST_FOR_THE_ORACLE = 2_000;
    private static final RangeLimits[] LIMITS = {
        RangeLimits.defaults(), new RangeLimits(4, 1, 1, 10, 30), new RangeLimits(1000, 1000, 1000, 0, 0)
    };

    private RangeLaws() {}

    static void check(byte[] input) {
        long length = FieldInput.numberInFirst(input);
        List<String> lines = FieldInput.linesBehindFirst(input);
        Optional<RangesSpecifier> asked = RangesSpecifier.parse(lines);
        asked.ifPresent(
                set -> assertThat(RangesSpecifier.parse(List.of(written(set)))).isEqualTo(asked));
        for (RangeLimits limits : LIMITS) {
            Optional<RangeSelection> selected = asked.map(set -> RangeSelection.select(set, length, limits));
            selected.ifPresent(selection -> checkBounds(selection, length, limits));
            if (input.length <= LONGEST_FOR_THE_ORACLE) {
                assertThat(selected.map(RangeSelectionText::of).orElse("ignored"))
                        .isEqualTo(new RangeOracle(length, limits).decide(String.join(", ", lines)));
            }
        }
    }

    private static String written(RangesSpecifier set) {
        return set.specs().stream().map(RangeLaws::written).collect(Collectors.joining(",", "bytes=", ""));
    }

    private static String written(RangeSpec spec) {
        if (spec instanceof SuffixRange suffix) {
            return "-" + suffix.length();
        }
        IntRange range = (IntRange) spec;
        return range.first() + "-" + (range.last() == Long.MAX_VALUE ? "" : Long.toString(range.last()));
    }

    private static void checkBounds(RangeSelection selection, long length, RangeLimits limits) {
        if (selection instanceof Single single) {
            checkWithin(single.range(), length);
        }
        if (selection instanceof Multipart multipart) {
            assertThat(multipart.ranges()).hasSizeBetween(2, limits.maxRanges());
            multipart.ranges().forEach(range -> checkWithin(range, length));
            checkDisjoint(multipart.ranges());
            checkSize(multipart.ranges(), length, limits);
        }
    }

    private static void checkWithin(ByteRange range, long length) {
        assertThat(range.first()).isBetween(0L, range.last());
        assertThat(range.last()).isLessThan(length);
    }

    private static void checkDisjoint(List<ByteRange> ranges) {
        List<ByteRange> sorted = ranges.stream()
                .sorted((one, other) -> Long.compare(one.first(), other.first()))
                .toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i).first()).isGreaterThan(sorted.get(i - 1).last());
        }
    }

    /** An answer is never larger than the whole plus a constant. */
    private static void checkSize(List<ByteRange> ranges, long length, RangeLimits limits) {
        BigInteger size = BigInteger.valueOf(ranges.size()).multiply(BigInteger.valueOf(limits.partOverhead()));
        for (ByteRange range : ranges) {
            size = size.add(BigInteger.valueOf(range.length()));
        }
        assertThat(size).isLessThanOrEqualTo(BigInteger.valueOf(length).add(BigInteger.valueOf(limits.allowance())));
    }
}
