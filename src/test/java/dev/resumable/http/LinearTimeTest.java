// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import dev.resumable.testing.CpuTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A guard against quadratic time and deep recursion: every parser reads every hostile megabyte.
 *
 * <p>The bound is generous on purpose. Linear code needs milliseconds, quadratic code needs minutes.
 */
class LinearTimeTest {
    private static final int SIZE = 1_000_000;
    private static final Duration BOUND = Duration.ofSeconds(5);

    static Stream<String> hostileValues() {
        return Stream.of(
                filled("", ","),
                filled("", " "),
                filled("", " ,\t"),
                filled("", "9"),
                filled("-", "0"),
                filled("", "\""),
                filled("\"", "\\"),
                filled("\"", "a"),
                filled("W/\"", "a"),
                filled("", "\"a\","),
                filled("", "W/\"a\" , "),
                filled("", "*,"),
                filled("", "a"),
                filled("", "a,"),
                filled("", "a=1,"),
                filled("", "a;"),
                filled("a", ";a=1"),
                filled("a/b", ";a=\"\\\"\""),
                filled("a/b", ";"),
                filled("", "a/b;q=0.5,"),
                filled("a=", "("),
                filled("a=(", "1 "),
                filled("a=(", "1;a "),
                filled(":", "A"),
                filled(":", "="),
                filled("bytes=", ","),
                filled("bytes=", " "),
                filled("bytes=", "9"),
                filled("bytes=", "-"),
                filled("bytes=", "0-0,"),
                filled("bytes=", "-1,"),
                filled("bytes=0-", "9"),
                filled("bytes " + "9".repeat(SIZE / 2) + "-", "9"),
                filled("bytes " + "0".repeat(SIZE / 2) + "-", "0"),
                filled("bytes */", "0"),
                filled("Sun, ", "0"),
                filled("", "Sun, "),
                filled("", "\uD83D\uDE00"),
                filled("", "\uD83D"),
                filled("", "/"));
    }

    @ParameterizedTest(name = "value {index}")
    @MethodSource("hostileValues")
    void readsAMegabyteAtOnce(String value) throws Throwable {
        List<String> oneLine = List.of(value);
        CpuTime.assertWithin(BOUND, "all parsers", () -> readByEveryParser(oneLine, value));
    }

    @ParameterizedTest(name = "many lines of {0}")
    @MethodSource("shortValues")
    void readsAMegabyteOfLines(String value) throws Throwable {
        List<String> lines = Stream.generate(() -> value).limit(SIZE / 4).toList();
        CpuTime.assertWithin(BOUND, "all parsers", () -> readByEveryParser(lines, value));
    }

    static Stream<String> shortValues() {
        return Stream.of("", ",", "*", "\"a\"", "a=1", "bytes=0-", "a/b");
    }

    private static void readByEveryParser(List<String> lines, String value) {
        EntityTag.parse(value);
        HttpDate.parse(value);
        ContentRange.parse(value);
        TagCondition.parse(lines).matchesWeakly(Validators.of(EntityTag.strong("other")));
        IfRange.parse(lines);
        ConditionalRequest.parse(name -> lines);
        StructuredFields.parseItem(lines);
        StructuredFields.parseDictionary(lines);
        DigestFields.wantsSha256(lines);
        DigestFields.sha256In(lines);
        AcceptField.parse(lines).quality("text", "html");
        AcceptEncodingField.parse(lines).prefers("gzip");
        VaryField.naming("Accept-Encoding", lines);
        MediaRanges.parse(value).ifPresent(ranges -> ranges.contain(value));
        ContentDisposition.attachment(value);
        RangesSpecifier.parse(lines).ifPresent(LinearTimeTest::selectFromAll);
    }

    private static void selectFromAll(RangesSpecifier asked) {
        RangeSelection.select(asked, SIZE, RangeLimits.defaults());
    }

    private static String filled(String prefix, String unit) {
        return prefix + unit.repeat(Math.max(0, SIZE - prefix.length()) / unit.length());
    }
}
