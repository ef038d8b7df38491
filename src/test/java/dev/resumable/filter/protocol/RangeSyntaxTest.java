// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Framing;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** P35: one table of Range fields, one answer everywhere (RFC 9110 §14.1.1, §14.2). */
@DisplayName("the Range field")
final class RangeSyntaxTest {

    private static final int LENGTH = 10_000;

    @TempDir
    static Path root;

    private static EveryContainer containers;

    @BeforeAll
    static void start() throws IOException {
        Files.createFile(root.resolve("empty.bin"));
        containers = EveryContainer.start(() -> Shape.addAll(
                FilteredApp.create()
                        .servlet("/empty", (request, response) -> response.setContentType("application/octet-stream")),
                root,
                LENGTH));
    }

    @AfterAll
    static void stop() {
        containers.close();
    }

    /** The value of one Range line and what must come of it: whole, none (416), or the ranges sent. */
    private static final String[] TABLE = {
        "bytes=0-4 => 0-4",
        "Bytes=0-4 => 0-4",
        "BYTES=0-4 => 0-4",
        "bytes=0-0 => 0-0",
        "bytes=9999- => 9999-9999",
        "bytes=0- => 0-9999",
        "bytes=0-9999 => 0-9999",
        "bytes=9990-20000 => 9990-9999",
        "bytes=-5 => 9995-9999",
        "bytes=-10000 => 0-9999",
        "bytes=-20000 => 0-9999",
        "bytes=-0 => none",
        "bytes=10000- => none",
        "bytes=10000-10005 => none",
        "bytes=20000-,-0 => none",
        "bytes=0-4,20000-20005 => 0-4",
        "bytes=20000-,5-6 => 5-6",
        "bytes=0-4,10-14 => 0-4 10-14",
        "bytes=10-14,0-4 => 10-14 0-4",
        "bytes=500-509, 0-4 ,-3 => 500-509 0-4 9997-9999",
        "bytes=0-4,5-9 => 0-4 5-9",
        "bytes=0-9,5-14 => 0-14",
        "bytes=5-14,100-109,0-9 => 0-14 100-109",
        "bytes=0-4,0-4 => 0-4",
        "bytes=0-4,0-4,0-4,0-4 => 0-4",
        "bytes=,0-4,, => 0-4",
        "bytes=0-4\t,\t10-14 => 0-4 10-14",
        "bytes=00000000000000000000000-4 => 0-4",
        "bytes=9990-9223372036854775807 => 9990-9999",
        "bytes=9990-9223372036854775808 => 9990-9999",
        "bytes=9990-99999999999999999999999999 => 9990-9999",
        "bytes=-18446744073709551617 => 0-9999",
        "bytes=18446744073709551616- => none",
        "bytes=4-0 => whole",
        "bytes=0-4,9-8 => whole",
        "bytes=0-4,abc => whole",
        "bytes=18446744073709551617-18446744073709551616 => whole",
        "items=0-4 => whole",
        "bytess=0-4 => whole",
        "abc => whole",
        "bytes => whole",
        "bytes= => whole",
        "bytes=, => whole",
        "bytes=- => whole",
        "bytes=5 => whole",
        "bytes=abc => whole",
        "bytes=a-b => whole",
        "bytes=--4 => whole",
        "bytes=+0-4 => whole",
        "bytes=0-+4 => whole",
        "bytes=-+4 => whole",
        "bytes=0x0-4 => whole",
        "bytes=0 -4 => whole",
        "bytes=0- 4 => whole",
        "bytes= 0-4 => whole",
        "bytes =0-4 => whole",
        "bytes 0-4 => whole",
        "bytes:0-4 => whole",
        "bytes=0-4;5-9 => whole",
        "bytes=0-4 5-9 => whole",
        "bytes=0-4/10000 => whole",
        "bytes=\"0-4\" => whole",
        "bytes=0-4,bytes=5-9 => whole",
    };

    static Stream<Arguments> rows() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Arrays.stream(TABLE).map(row -> Arguments.of(kind, row)));
    }

    @ParameterizedTest(name = "P35 {0} {1}")
    @MethodSource("rows")
    @DisplayName("P35 one line")
    void oneLine(ContainerKind kind, String row) throws IOException {
        String[] sides = row.split(" => ");
        for (Shape shape : Shape.values()) {
            try (RawClient client = containers.on(kind).connect()) {
                RawResponse got = client.get(shape.path(), "Range: " + sides[0]).assertComplete();
                assertThat(summary(got)).as("%s: %s", shape, got).isEqualTo(sides[1]);
                assertThat(client.get(shape.path()).assertComplete().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest(name = "P35 {0}")
    @ContainerSource
    @DisplayName("P35 two lines are one value, which is malformed (RFC 9110 §5.3)")
    void twoLines(ContainerKind kind) throws IOException {
        for (Shape shape : Shape.values()) {
            RawResponse got = containers
                    .on(kind)
                    .get(shape.path(), "Range: bytes=0-4", "Range: bytes=10-14")
                    .assertComplete();
            assertThat(summary(got)).as("%s: %s", shape, got).isEqualTo("whole");
        }
    }

    @ParameterizedTest(name = "P35 {0}")
    @ContainerSource
    @DisplayName("P35 a set past a limit gets the whole (RFC 9110 §17.15)")
    void limits(ContainerKind kind) throws IOException {
        String many = IntStream.range(0, 201).mapToObj(i -> i * 3 + "-" + i * 3).collect(Collectors.joining(","));
        String overlapping = IntStream.range(0, 22).mapToObj(i -> i + "-50").collect(Collectors.joining(","));
        String descending = IntStream.range(0, 22)
                .mapToObj(i -> 900 - i * 10 + "-" + (904 - i * 10))
                .collect(Collectors.joining(","));
        for (Shape shape : Shape.values()) {
            for (String set : new String[] {many, overlapping, descending}) {
                RawResponse got = containers
                        .on(kind)
                        .get(shape.path(), "Range: bytes=" + set)
                        .assertComplete();
                assertThat(summary(got)).as("%s: %s", shape, got).isEqualTo("whole");
            }
        }
    }

    @ParameterizedTest(name = "P35 {0}")
    @ContainerSource
    @DisplayName("P35 an empty representation is sent whole for every set")
    void empty(ContainerKind kind) throws IOException {
        for (String path : new String[] {"/empty", "/empty.bin"}) {
            for (String range : new String[] {"bytes=0-", "bytes=-1", "bytes=0-0", "bytes=5-9", "bytes=0-1,3-4"}) {
                RawResponse got =
                        containers.on(kind).get(path, "Range: " + range).assertComplete();
                assertThat(got.status()).as("%s %s: %s", path, range, got).isEqualTo(200);
                assertThat(got.field("Content-Length")).contains("0");
                assertThat(got.field("Content-Range")).isEmpty();
            }
        }
    }

    @ParameterizedTest(name = "P35 {0}")
    @ContainerSource
    @DisplayName("P35 parts have a length and a boundary of their own, also on a connection that closes")
    void multipart(ContainerKind kind) throws IOException {
        for (Shape shape : Shape.values()) {
            String first =
                    boundaryOf(containers.on(kind).get(shape.path(), "Range: bytes=0-4,10-14", "Connection: close"));
            String second = boundaryOf(containers.on(kind).get(shape.path(), "Range: bytes=0-4,10-14"));
            assertThat(first).isNotEqualTo(second);
        }
    }

    private static String boundaryOf(RawResponse got) {
        assertThat(got.assertComplete().framing()).isEqualTo(Framing.CONTENT_LENGTH);
        return MultipartBody.of(got).boundary();
    }

    /** Checks the answer in itself and names it as the table does. */
    private static String summary(RawResponse got) {
        assertThat(got.field("Accept-Ranges")).contains("bytes");
        assertThat(got.framing()).isEqualTo(Framing.CONTENT_LENGTH);
        switch (got.status()) {
            case 200 -> {
                assertThat(got.body()).isEqualTo(Bytes.pattern(LENGTH));
                return "whole";
            }
            case 416 -> {
                assertThat(got.field("Content-Range")).contains("bytes */" + LENGTH);
                return "none";
            }
            case 206 -> {
                return got.field("Content-Range").isPresent()
                        ? part(got.field("Content-Range").get(), got.body())
                        : MultipartBody.of(got).parts().stream()
                                .map(part -> part(part.field("Content-Range").orElseThrow(), part.body()))
                                .collect(Collectors.joining(" "));
            }
            default -> throw new AssertionError("unexpected " + got);
        }
    }

    private static String part(String contentRange, byte[] body) {
        assertThat(contentRange).startsWith("bytes ").endsWith("/" + LENGTH);
        String range = contentRange.substring(6, contentRange.indexOf('/'));
        int dash = range.indexOf('-');
        int first = Integer.parseInt(range.substring(0, dash));
        int last = Integer.parseInt(range.substring(dash + 1));
        assertThat(body).isEqualTo(Bytes.slice(first, last - first + 1));
        return range;
    }
}
