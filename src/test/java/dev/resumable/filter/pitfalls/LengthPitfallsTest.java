// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P13 to P16, P28: declared lengths and buffers. */
@DisplayName("lengths and buffers:")
final class LengthPitfallsTest {

    private static final long MIB = 1L << 20;

    private static Map<String, Consumer<HttpServletResponse>> waysToDeclareTen() {
        Map<String, Consumer<HttpServletResponse>> ways = new LinkedHashMap<>();
        ways.put("int", response -> response.setContentLength(10));
        ways.put("long", response -> response.setContentLengthLong(10));
        ways.put("set", response -> response.setHeader("Content-Length", "10"));
        ways.put("add", response -> response.addHeader("content-length", "10"));
        ways.put("setInt", response -> response.setIntHeader("CONTENT-LENGTH", 10));
        ways.put("addInt", response -> response.addIntHeader("Content-length", 10));
        return ways;
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P13 a length declared in any of six ways is read back in any of four and holds for the body")
    void ways(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            waysToDeclareTen().get(request.getQueryString()).accept(response);
            journal.note("get", response.getHeader("content-Length"));
            journal.note("all", response.getHeaders("Content-LENGTH"));
            journal.note("contains", response.containsHeader("Content-Length"));
            journal.note("names", response.getHeaderNames().stream().anyMatch("content-length"::equalsIgnoreCase));
            response.getOutputStream().print("0123456789");
        });
        try (Twins twins = app.start(kind)) {
            for (String way : waysToDeclareTen().keySet()) {
                RawResponse whole = twins.get("/x?" + way).assertComplete();
                assertThat(twins.notes())
                        .as(way)
                        .containsExactly("get: 10", "all: [10]", "contains: true", "names: true");
                assertThat(whole.field("Content-Length")).as(way).contains("10");
                assertThat(whole.bodyText()).as(way).isEqualTo("0123456789");
                RawResponse part = twins.get("/x?" + way, "Range: bytes=2-4").assertComplete();
                assertThat(part.field("Content-Length")).as(way).contains("3");
                assertThat(part.bodyText()).as(way).isEqualTo("234");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P14 a range near the end of 8 GiB, declared as long and as field, with a tag of the application's")
    void beyondInt(ContainerKind kind) throws IOException {
        long length = 1L << 33;
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.setHeader("ETag", "\"own\"");
            if ("field".equals(request.getQueryString())) {
                response.setHeader("Content-Length", Long.toString(length));
            } else {
                response.setContentLengthLong(length);
            }
            byte[] block = new byte[1 << 20];
            Arrays.fill(block, (byte) 'x');
            for (long written = 0; written < length; written += block.length) {
                response.getOutputStream().write(block);
            }
        });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/x?long", "/x?field"}) {
                RawResponse part = twins.get(path, "Range: bytes=8589934588-").assertComplete();
                assertThat(part.status()).isEqualTo(206);
                assertThat(part.field("Content-Range")).contains("bytes 8589934588-8589934591/8589934592");
                assertThat(part.bodyText()).isEqualTo("xxxx");
                RawResponse head = twins.filtered(RawRequest.head(path));
                assertThat(head.field("Content-Length")).contains("8589934592");
                assertThat(head.field("ETag")).contains("\"own\"");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P15 a terabyte declared and one byte written costs no heap and never looks complete")
    void terabyte(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            long before = allocated();
            response.setContentLengthLong(1L << 40);
            response.getOutputStream().print("x");
            response.flushBuffer();
            journal.note("flat", allocated() - before < MIB);
        });
        try (Twins twins = app.start(kind)) {
            twins.get("/x");
            RawResponse response = twins.get("/x");
            assertThat(twins.notes()).containsExactly("flat: true");
            assertNotCompleteSuccess(response);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P15 a buffer of 64 MiB that is asked for is granted in words and not taken from the heap")
    void hugeBuffer(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            long before = allocated();
            response.setBufferSize(64 << 20);
            journal.note("granted", response.getBufferSize() >= 64 << 20);
            response.getOutputStream().print("0123456789");
            journal.note("flat", allocated() - before < MIB);
        });
        try (Twins twins = app.start(kind)) {
            twins.get("/x");
            assertThat(twins.get("/x").assertComplete().bodyText()).isEqualTo("0123456789");
            assertThat(twins.notes()).containsExactly("granted: true", "flat: true");
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    static void assertNotCompleteSuccess(RawResponse response) {
        assertThat(response.status() >= 500 || response.completion() == Completion.TRUNCATED)
                .as("%s", response)
                .isTrue();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P16 a length that was declared and taken back, in any way, does not cut the body")
    void takenBack(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.setContentLength(5);
            response.setHeader("ETag", "\"own\"");
            switch (request.getQueryString()) {
                case "negative" -> response.setContentLengthLong(-1);
                case "null" -> response.setHeader("content-length", null);
                case "reset" -> response.reset();
                default -> response.setContentLength(20);
            }
            if (!"reset".equals(request.getQueryString())) {
                response.setHeader("etag", null);
            }
            journal.note("tag", response.getHeader("ETag"));
            response.getOutputStream().print("01234567890123456789");
        });
        try (Twins twins = app.start(kind)) {
            for (String way : new String[] {"negative", "null", "reset", "again"}) {
                RawResponse response = twins.get("/x?" + way).assertComplete();
                assertThat(twins.notes()).as(way).containsExactly("tag: null");
                assertThat(response.bodyText()).as(way).isEqualTo("01234567890123456789");
                assertThat(response.field("Content-Length")).as(way).contains("20");
                assertThat(response.field("ETag")).as(way).get().asString().startsWith("\"c.");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P13 a length that is no number is none")
    void noNumber(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.getOutputStream().print("0123456789");
            for (String length : new String[] {"", "x", "+10", "-1", "10, 10", "99999999999999999999"}) {
                response.setHeader("Content-Length", length);
            }
        });
        try (Twins twins = app.start(kind)) {
            RawResponse response = twins.get("/x").assertComplete();
            assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
            assertThat(response.bodyText()).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P28 setBufferSize() is refused once bytes were taken, and obeyed before")
    void bufferSize(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/after", (request, response, journal) -> {
                    journal.note("default", response.getBufferSize());
                    response.getOutputStream().write('x');
                    journal.attempt("size", () -> response.setBufferSize(100_000));
                    response.flushBuffer();
                    journal.attempt("flushed", () -> response.setBufferSize(100_000));
                })
                .servlet("/writer", (request, response, journal) -> {
                    response.getWriter().print("x");
                    journal.attempt("size", () -> response.setBufferSize(100_000));
                })
                .servlet("/before", (request, response, journal) -> {
                    response.setBufferSize(100_000);
                    journal.note("size", response.getBufferSize() >= 100_000);
                    response.getOutputStream().write(new byte[90_000]);
                    journal.note("committed", response.isCommitted());
                    response.setHeader("X-After", "1");
                    response.getOutputStream().write(new byte[90_000]);
                    journal.note("committed", response.isCommitted());
                    response.setHeader("X-Late", "1");
                });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/after");
            twins.assertAlike("/writer");
            twins.assertAlike("/before");
        }
    }
}
