// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P23, P24, P25: bodies that end early, fail or are too long. Nothing of that may look complete. */
@DisplayName("failed bodies:")
final class FailurePitfallsTest {

    /** How the filter treats the body: kept, cut as it passes, or let through. */
    private static void prepare(HttpServletRequest request, HttpServletResponse response) {
        switch (String.valueOf(request.getQueryString())) {
            case "tagged" -> response.setHeader("ETag", "\"own\"");
            case "untouched" -> response.setHeader("Cache-Control", "no-store");
            default -> {}
        }
    }

    private static final String[] TREATMENTS = {"spooled", "tagged", "untouched"};

    /** The client must know soon that something is wrong, and not when the connection has been idle for too long. */
    private static RawResponse assertNotComplete(Twins twins, String target) throws IOException {
        try (RawClient client = twins.connect()) {
            client.timeout(Duration.ofSeconds(15));
            RawResponse response = client.exchange(RawRequest.get(target));
            assertThat(
                            response.status() >= 500
                                    ? response.completion() != Completion.TIMED_OUT
                                    : response.completion() == Completion.TRUNCATED)
                    .as("%s", response)
                    .isTrue();
            return response;
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P23 half of the declared length is an error or a cut connection, at once, also on keep-alive")
    void shortBody(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/short", (request, response, journal) -> {
                    prepare(request, response);
                    response.setContentLength(100);
                    response.getOutputStream().write(new byte[50]);
                })
                .servlet("/flushed", (request, response, journal) -> {
                    prepare(request, response);
                    response.setContentLength(100_000);
                    response.getOutputStream().write(new byte[50_000]);
                    response.flushBuffer();
                })
                .servlet("/closed", (request, response, journal) -> {
                    prepare(request, response);
                    response.setContentLength(100);
                    response.getOutputStream().write(new byte[50]);
                    response.getOutputStream().close();
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/short", "/flushed", "/closed"}) {
                for (String treatment : TREATMENTS) {
                    assertNotComplete(twins, path + "?" + treatment);
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P23 a HEAD and a 304 that declare a length and write nothing are right")
    void nothingMissing(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
                    prepare(request, response);
                    response.setContentLength(50);
                    response.getOutputStream().write(new byte[50]);
                })
                .servlet("/304", (request, response, journal) -> {
                    response.setStatus(304);
                    response.setHeader("ETag", "\"own\"");
                    response.setContentLength(50);
                });
        try (Twins twins = app.start(kind)) {
            for (String treatment : TREATMENTS) {
                RawResponse head = twins.filtered(RawRequest.head("/x?" + treatment));
                assertThat(head.status()).as(treatment).isEqualTo(200);
                assertThat(head.field("Content-Length")).as(treatment).contains("50");
            }
            assertThat(twins.get("/304").status()).isEqualTo(304);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P23 the same when an async exchange is completed")
    void shortAsync(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/foreign", (request, response, journal) -> {
                    prepare(request, response);
                    AsyncContext async = request.startAsync();
                    async.start(() -> writeHalf(async));
                })
                .servlet("/within", (request, response, journal) -> {
                    prepare(request, response);
                    writeHalf(request.startAsync());
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/foreign", "/within"}) {
                for (String treatment : TREATMENTS) {
                    assertNotComplete(twins, path + "?" + treatment);
                }
            }
        }
    }

    private static void writeHalf(AsyncContext async) {
        try {
            async.getResponse().setContentLength(100);
            async.getResponse().getOutputStream().write(new byte[50]);
            async.complete();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P24 an exception in the middle of a body that is held back is a clean error")
    void failedWhileHeld(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.getOutputStream().write(new byte[500_000]);
            response.flushBuffer();
            throw new IOException("on purpose");
        });
        try (Twins twins = app.start(kind)) {
            for (String range : new String[] {"X: y", "Range: bytes=0-1"}) {
                RawResponse response = twins.get("/x", range);
                LengthPitfallsTest.assertNotCompleteSuccess(response);
                assertThat(response.field("ETag")).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P24 an exception after a commit cuts the connection, however the body was treated")
    void failedAfterCommit(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/length", (request, response, journal) -> {
            prepare(request, response);
            response.setContentLength(200_000);
            response.getOutputStream().write(new byte[100_000]);
            response.flushBuffer();
            throw new IOException("on purpose");
        });
        try (Twins twins = app.start(kind)) {
            assertNotComplete(twins, "/length?tagged");
            assertNotComplete(twins, "/length?untouched");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P24 an exception behind the ranges that were asked leaves them short as well")
    void failedBehindTheRange(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/length", (request, response, journal) -> {
            prepare(request, response);
            response.setContentLength(200_000);
            response.getOutputStream().write(new byte[100_000]);
            response.flushBuffer();
            throw new IOException("on purpose");
        });
        try (Twins twins = app.start(kind)) {
            for (String range : new String[] {"bytes=0-99", "bytes=0-9,20-29"}) {
                try (RawClient client = twins.connect()) {
                    RawResponse part = client.exchange(RawRequest.get("/length?tagged", "Range: " + range));
                    assertThat(part.completion()).as("%s: %s", range, part).isEqualTo(Completion.TRUNCATED);
                    assertThat(part.status()).isEqualTo(206);
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P24 an exception in the middle of chunks cuts the connection before the last chunk")
    void failedInChunks(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/chunked", (request, response, journal) -> {
            response.setHeader("Cache-Control", "no-store");
            response.getOutputStream().write(new byte[100_000]);
            response.flushBuffer();
            throw new IOException("on purpose");
        });
        try (Twins twins = app.start(kind)) {
            assertNotComplete(twins, "/chunked");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P25 more than the declared length has the same outcome on every container: never a complete 200")
    void longBody(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/once", (request, response, journal) -> {
                    prepare(request, response);
                    response.setContentLength(10);
                    response.getOutputStream().write(new byte[20]);
                })
                .servlet("/twice", (request, response, journal) -> {
                    prepare(request, response);
                    response.setContentLength(10);
                    response.getOutputStream().write(new byte[10]);
                    response.getOutputStream().write(new byte[10]);
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/once", "/twice"}) {
                assertThat(twins.get(path + "?spooled").assertComplete().status())
                        .as(path)
                        .isEqualTo(500);
                LengthPitfallsTest.assertNotCompleteSuccess(twins.get(path + "?tagged"));
            }
        }
    }
}
