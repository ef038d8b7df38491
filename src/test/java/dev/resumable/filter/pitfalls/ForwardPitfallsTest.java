// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentOptions.SendPolicy;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.RequestDispatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.core.StandardContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P1, P3, P4, P5, P60: forwards. */
@DisplayName("forwards:")
final class ForwardPitfallsTest {

    @TempDir
    private Path root;

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P1 a chain of three forwards is one exchange: one body, one tag, ranges over it once")
    void chain(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/a", (request, response, journal) -> {
                    request.getRequestDispatcher("/b").forward(request, response);
                    journal.note("after", response.isCommitted());
                })
                .servlet("/b", (request, response, journal) -> {
                    response.getOutputStream().print("void");
                    request.getRequestDispatcher("/c").forward(request, response);
                })
                .servlet("/c", (request, response, journal) -> {
                    journal.note("type", request.getDispatcherType());
                    journal.note("from", request.getAttribute(RequestDispatcher.FORWARD_REQUEST_URI));
                    response.setHeader("X-C", "1");
                    response.getOutputStream().print("0123456789");
                });
        try (Twins twins = app.start(kind)) {
            RawResponse whole = twins.assertAlike("/a");
            assertThat(whole.bodyText()).isEqualTo("0123456789");
            assertThat(whole.field("ETag"))
                    .isPresent()
                    .isEqualTo(twins.assertAlike("/c").field("ETag"));

            RawResponse part = twins.get("/a", "Range: bytes=2-4").assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Content-Range")).contains("bytes 2-4/10");
            assertThat(part.bodyText()).isEqualTo("234");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P3 the dispatcher type that a container leaves behind after a nested forward confuses nobody")
    void typeAfterwards(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/outer", (request, response, journal) -> {
                    journal.note("before", request.getDispatcherType());
                    request.getRequestDispatcher("/part").include(request, response);
                    journal.note("after include", request.getDispatcherType());
                    response.setHeader("X-After-Include", "kept");
                    response.setStatus(200);
                    response.getOutputStream().print("tail");
                    response.setContentLength(8);
                    journal.note("field", response.getHeader("X-After-Include"));
                })
                .servlet("/part", (request, response, journal) -> {
                    journal.note("type", request.getDispatcherType());
                    response.getOutputStream().print("part");
                })
                .servlet("/start", (request, response, journal) -> {
                    request.getRequestDispatcher("/outer").forward(request, response);
                    journal.note("after forward", request.getDispatcherType());
                });
        try (Twins twins = app.start(kind)) {
            for (String path : new String[] {"/outer", "/start"}) {
                RawResponse response = twins.assertAlike(path);
                assertThat(response.field("X-After-Include")).contains("kept");
                assertThat(response.bodyText()).isEqualTo("parttail");
                assertThat(twins.get(path, "Range: bytes=3-4").bodyText()).isEqualTo("tt");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P4 a forward to a servlet, to a page that flushes or to a static file brings the whole body, also a nested one")
    void targets(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("large.bin"), 200_000);
        Files.writeString(root.resolve("small.txt"), "small");
        TwinApp app = targets();
        try (Twins twins = app.start(kind)) {
            assertForwards(twins);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P4 the same where Tomcat suspends the response after every forward, as Tomcat 11 does by default")
    void suspended(ContainerKind kind) throws IOException {
        Bytes.write(root.resolve("large.bin"), 200_000);
        Files.writeString(root.resolve("small.txt"), "small");
        TwinApp app = targets()
                .with(web -> web.tomcatContext(context -> {
                    ((StandardContext) context).setSuspendWrappedResponseAfterForward(true);
                }));
        try (Twins twins = app.start(kind)) {
            assertForwards(twins);
        }
    }

    private TwinApp targets() {
        return TwinApp.of(
                        "/to/*",
                        (request, response, journal) -> request.getRequestDispatcher(request.getPathInfo())
                                .forward(request, response))
                .config(RangeConfig.builder()
                        .staticFiles(StaticFilesPolicy.CHAIN)
                        .build())
                .servlet(
                        "/servlet",
                        (request, response, journal) ->
                                response.getOutputStream().write(Bytes.pattern(100_000)))
                .servlet("/page", (request, response, journal) -> {
                    response.setContentType("text/html;charset=UTF-8");
                    response.getWriter().print("<p>\u00e4");
                    response.getWriter().flush();
                    response.getWriter().print("</p>");
                    response.flushBuffer();
                })
                .servlet("/empty", (request, response, journal) -> {})
                .servlet("/nested/*", (request, response, journal) -> {
                    request.getRequestDispatcher("/to" + request.getPathInfo()).forward(request, response);
                    journal.note("after", response.isCommitted());
                })
                .with(web -> web.documentRoot(root));
    }

    private static void assertForwards(Twins twins) throws IOException {
        for (String target : new String[] {"/servlet", "/page", "/empty", "/large.bin", "/small.txt"}) {
            for (String path : new String[] {"/to" + target, "/nested" + target}) {
                RawResponse whole = twins.assertAlike(path);
                assertThat(whole.field("ETag")).as(path).isPresent();
                if (whole.bodyLength() > 4) {
                    RawResponse part = twins.get(path, "Range: bytes=2-3").assertComplete();
                    assertThat(part.status()).as(path).isEqualTo(206);
                    assertThat(part.body()).as(path).containsExactly(whole.body()[2], whole.body()[3]);
                }
            }
        }
        assertThat(twins.get("/to/missing").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P5 the container closes the output after a forward; closing twice is harmless, both outputs still exclude"
                    + " each other")
    void closed(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    request.getRequestDispatcher("/target").forward(request, response);
                    journal.attempt("writer", response::getWriter);
                    journal.attempt("reset", response::reset);
                    response.setHeader("X-Late", "1");
                    response.setStatus(500);
                    journal.attempt("close", response.getOutputStream()::close);
                    journal.attempt("close again", response.getOutputStream()::close);
                    journal.attempt("flush", response::flushBuffer);
                })
                .servlet("/target", (request, response, journal) -> {
                    response.getOutputStream().print("body");
                    journal.attempt("writer", response::getWriter);
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/stream").bodyText()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P60 what was written and not flushed before a forward is gone, what was set is kept")
    void bufferBeforeForward(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/stream", (request, response, journal) -> {
                    response.setHeader("X-Before", "1");
                    response.getOutputStream().print("void-void-");
                    request.getRequestDispatcher("/target").forward(request, response);
                })
                .servlet("/flushed", (request, response, journal) -> {
                    response.getOutputStream().print("sent");
                    response.flushBuffer();
                    journal.attempt(
                            "forward",
                            () -> request.getRequestDispatcher("/target").forward(request, response));
                })
                .servlet(
                        "/target",
                        (request, response, journal) ->
                                response.getOutputStream().print("body"));
        try (Twins twins = app.start(kind)) {
            RawResponse response = twins.assertAlike("/stream");
            assertThat(response.bodyText()).isEqualTo("body");
            assertThat(response.field("X-Before")).contains("1");
            assertThat(twins.get("/stream", "Range: bytes=0-1").bodyText()).isEqualTo("bo");
            twins.assertAlike("/flushed");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P60 the same for a writer, where the container allows the target to take it")
    void writerBeforeForward(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/writer", (request, response, journal) -> {
                    response.getWriter().print("void-void-");
                    request.getRequestDispatcher("/target").forward(request, response);
                })
                .servlet(
                        "/target",
                        (request, response, journal) -> response.getWriter().print("body"));
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/writer").bodyText()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P60 where the container frees the choice of the output on a forward, as Jetty does, it is free")
    void otherOutputAfterForward(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/writer", (request, response, journal) -> {
                    response.getWriter().print("void-void-");
                    request.getRequestDispatcher("/target").forward(request, response);
                })
                .servlet(
                        "/target",
                        (request, response, journal) ->
                                response.getOutputStream().print("body"));
        try (Twins twins = app.start(kind)) {
            if (twins.plain(RawRequest.get("/writer")).status() == 200) {
                assertThat(twins.assertAlike("/writer").bodyText()).isEqualTo("body");
            } else {
                assertThat(kind.isJetty()).isFalse();
                assertThat(twins.get("/writer").bodyText()).doesNotContain("void");
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P5 a second forward finds the response closed")
    void twice(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/twice", (request, response, journal) -> {
                    request.getRequestDispatcher("/target").forward(request, response);
                    journal.attempt(
                            "again",
                            () -> request.getRequestDispatcher("/target").forward(request, response));
                })
                .servlet("/target", (request, response, journal) -> {
                    journal.note("target", "runs");
                    response.getOutputStream().print("body");
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/twice").bodyText()).isEqualTo("body");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "an exception after the forward comes too late for what is sent at once, and cuts what goes on without a thread")
    void thrownAfterwards(ContainerKind kind) throws IOException {
        for (SendPolicy send : SendPolicy.values()) {
            TwinApp app = TwinApp.of("/start", (request, response, journal) -> {
                        request.getRequestDispatcher("/target").forward(request, response);
                        throw new IllegalStateException("on purpose");
                    })
                    .servlet(
                            "/target",
                            (request, response, journal) -> response.getOutputStream()
                                    .write(Bytes.pattern(Integer.parseInt(request.getParameter("length")))))
                    .config(RangeConfig.builder()
                            .answers(ContentOptions.builder().send(send).build())
                            .build());
            try (Twins twins = app.start(kind);
                    Silence silence = Silence.begin()) {
                RawResponse atOnce = twins.get("/start?length=60000").assertComplete();
                assertThat(atOnce.sha256()).isEqualTo(Bytes.sha256(0, 60_000));
                RawResponse later = twins.get("/start?length=200000");
                boolean whole = send == SendPolicy.BLOCKING;
                assertThat(later.completion()).isEqualTo(whole ? Completion.COMPLETE : Completion.TRUNCATED);
            }
        }
    }
}
