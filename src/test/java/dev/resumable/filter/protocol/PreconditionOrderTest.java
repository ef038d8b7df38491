// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** P34: the order of RFC 9110 §13.2.2, whatever the container's own default servlet makes of it. */
@DisplayName("preconditions")
final class PreconditionOrderTest {

    private static final int LENGTH = 100;

    @TempDir
    static Path root;

    private static EveryContainer containers;

    @BeforeAll
    static void start() {
        containers = EveryContainer.start(() -> Shape.addAll(FilteredApp.create(), root, LENGTH));
    }

    @AfterAll
    static void stop() {
        containers.close();
    }

    /**
     * Field lines with T, W, D, B, A for the tag, its weak form, the date, one second before and one after, O and C for the
     * date in its obsolete forms (C is asctime's, with two spaces); the status.
     */
    private static final String[] TABLE = {
        "If-Match: T => 200",
        "If-Match: * => 200",
        "If-Match: \"x\" => 412",
        "If-Match: W => 412",
        "If-Match: \"x\", T => 200",
        "If-Match: \"x\" | If-Match: T => 200",
        "If-Match: T | If-Unmodified-Since: B => 200",
        "If-Match: \"x\" | If-Unmodified-Since: A => 412",
        "If-Match: garbage => 412",
        "If-Match: T, garbage => 412",
        "If-Match: garbage | If-Unmodified-Since: A => 412",
        "If-Unmodified-Since: D => 200",
        "If-Unmodified-Since: A => 200",
        "If-Unmodified-Since: B => 412",
        "If-Unmodified-Since: yesterday => 200",
        "If-Unmodified-Since: C => 200",
        "If-None-Match: T => 304",
        "If-None-Match: W => 304",
        "If-None-Match: * => 304",
        "If-None-Match: \"x\" => 200",
        "If-None-Match: \"x\", W => 304",
        "If-None-Match: \"x\" | If-None-Match: T => 304",
        "If-None-Match: \"x\" | If-Modified-Since: A => 200",
        "If-None-Match: garbage => 200",
        "If-None-Match: T, garbage => 200",
        "If-None-Match: garbage | If-Modified-Since: A => 200",
        "If-None-Match: T | If-Modified-Since: B => 304",
        "If-Modified-Since: D => 304",
        "If-Modified-Since: A => 304",
        "If-Modified-Since: B => 200",
        "If-Modified-Since: yesterday => 200",
        "If-Modified-Since: O => 304",
        "If-Modified-Since: C => 304",
        "If-Match: T | If-None-Match: T => 304",
        "If-Match: \"x\" | If-None-Match: T => 412",
        "If-Match: T | If-None-Match: \"x\" => 200",
        "If-Match: T | If-Modified-Since: D => 304",
        "If-Unmodified-Since: B | If-None-Match: T => 412",
        "If-Unmodified-Since: D | If-None-Match: T => 304",
        "If-Unmodified-Since: A | If-Modified-Since: A => 304",
        "If-Range: T => 200",
        "Range: bytes=1-3 => 206",
        "Range: bytes=1-3 | If-Range: T => 206",
        "Range: bytes=1-3 | If-Range: W => 200",
        "Range: bytes=1-3 | If-Range: \"x\" => 200",
        "Range: bytes=1-3 | If-Range: D => 206",
        "Range: bytes=1-3 | If-Range: C => 206",
        "Range: bytes=1-3 | If-Range: B => 200",
        "Range: bytes=1-3 | If-Range: A => 200",
        "Range: bytes=1-3 | If-Range: yesterday => 200",
        "Range: bytes=1-3 | If-Match: T => 206",
        "Range: bytes=1-3 | If-Match: \"x\" | If-Range: T => 412",
        "Range: bytes=1-3 | If-None-Match: T | If-Range: T => 304",
        "Range: bytes=1-3 | If-None-Match: \"x\" | If-Range: T => 206",
        "Range: bytes=1-3 | If-Modified-Since: D => 304",
        "Range: bytes=1-3 | If-Modified-Since: B => 206",
        "Range: bytes=1-3 | If-Unmodified-Since: D => 206",
        "Range: bytes=1-3 | If-Unmodified-Since: B => 412",
        "Range: bytes=100- | If-Range: T => 416",
        "Range: bytes=100- | If-Range: \"x\" => 200",
        "Range: bytes=100- | If-None-Match: T => 304",
        "Range: bytes=100- | If-Match: \"x\" => 412",
    };

    static Stream<Arguments> rows() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Arrays.stream(TABLE).map(row -> Arguments.of(kind, row)));
    }

    @ParameterizedTest(name = "P34 {0} {1}")
    @MethodSource("rows")
    @DisplayName("P34 precedence")
    void precedence(ContainerKind kind, String row) throws IOException {
        String[] sides = row.split(" => ");
        int status = Integer.parseInt(sides[1]);
        for (Shape shape : Shape.values()) {
            try (RawClient client = containers.on(kind).connect()) {
                String tag = client.get(shape.path()).field("ETag").orElseThrow();
                String[] lines = lines(sides[0], tag);

                RawResponse got = client.get(shape.path(), lines).assertComplete();
                assertThat(got.status()).as("%s GET: %s", shape, got).isEqualTo(status);
                assertAnswer(got, tag);

                // RFC 9110 §14.2: Range means nothing on HEAD, so nothing but its body may differ from a plain GET.
                RawResponse head = client.head(shape.path(), lines).assertComplete();
                assertThat(head.status())
                        .as("%s HEAD: %s", shape, head)
                        .isEqualTo(status == 206 || status == 416 ? 200 : status);

                // What a bodiless answer leaves behind on the connection would break this one.
                RawResponse next = client.get(shape.path()).assertComplete();
                assertThat(next.status()).as("%s next: %s", shape, next).isEqualTo(200);
            }
        }
    }

    private static String[] lines(String side, String tag) {
        return Arrays.stream(side.split(" \\| "))
                .map(line -> {
                    int value = line.indexOf(' ') + 1;
                    return line.substring(0, value)
                            + line.substring(value)
                                    .replace("T", tag)
                                    .replace("W", "W/" + tag)
                                    .replaceFirst("^D$", "Sat, 01 Jan 2022 00:00:00 GMT")
                                    .replaceFirst("^O$", "Saturday, 01-Jan-22 00:00:00 GMT")
                                    .replaceFirst("^C$", "Sat Jan  1 00:00:00 2022")
                                    .replaceFirst("^B$", "Fri, 31 Dec 2021 23:59:59 GMT")
                                    .replaceFirst("^A$", "Sat, 01 Jan 2022 00:00:01 GMT");
                })
                .toArray(String[]::new);
    }

    private static void assertAnswer(RawResponse got, String tag) {
        assertThat(got.field("ETag")).as("%s", got).contains(tag);
        switch (got.status()) {
            case 200 -> assertThat(got.body()).isEqualTo(Bytes.pattern(LENGTH));
            case 206 -> assertThat(got.body()).isEqualTo(Bytes.slice(1, 3));
            case 304 -> {
                assertThat(got.body()).isEmpty();
                assertThat(got.field("Content-Type")).as("%s", got).isEmpty();
                assertThat(got.field("Date")).as("%s", got).isPresent();
            }
            default -> assertThat(got.body()).isEmpty();
        }
    }
}
