// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentResponse;
import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileRepresentation;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that Tomcat sends on its own: it sends the bytes whatever else the answer is, so they must not be asked for. */
@DisplayName("Tomcat's sendfile")
final class SendfileTest {

    private static final int LENGTH = 1_000_000;
    private static final String FILENAME = "org.apache.tomcat.sendfile.filename";

    @TempDir
    private Path root;

    /** What the request says of sendfile after the filter has returned. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private Filter watch() {
        return (request, response, chain) -> {
            chain.doFilter(request, response);
            asked.add(String.valueOf(request.getAttribute(FILENAME)));
        };
    }

    private EmbeddedContainer start(Duration after, Filter outer) throws IOException {
        Path file = Bytes.write(root.resolve("file.bin"), LENGTH);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        Bytes.write(root.resolve("small.bin"), 40_000);
        RangeConfig config = RangeConfig.builder()
                .staticFiles(RangeConfig.StaticFilesPolicy.DIRECT)
                // What is generated is a temporary file, which is gone when Tomcat would open it.
                .spoolHeap(16 << 10)
                .answers(ContentOptions.builder().sendfileAfter(after).build())
                .build();
        return ContainerKind.TOMCAT.start(FilteredApp.behind(
                        FilterEntry.of("watch", outer, "/*").async(), new RangeServletFilter(config))
                .servlet("/generated", (request, response) -> {
                    try (var in = Bytes.stream(0, LENGTH)) {
                        in.transferTo(response.getOutputStream());
                    }
                })
                .app()
                .documentRoot(root));
    }

    private void assertUsed() {
        assertThat(asked).last().asString().endsWith("/file.bin");
    }

    private void assertNotUsed() {
        assertThat(asked).last().isEqualTo("null");
    }

    private static void assertWhole(RawResponse got) {
        assertThat(got.assertComplete().status()).isEqualTo(200);
        assertThat(got.field("Content-Length")).contains("" + LENGTH);
        assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
    }

    @Test
    @DisplayName("sends a file and one range of it, over HTTP/1.1 and 1.0")
    void sends() throws IOException {
        try (EmbeddedContainer container = start(Duration.ZERO, watch());
                RawClient client = container.connect()) {
            assertWhole(client.get("/file.bin"));
            assertUsed();
            RawResponse part = client.get("/file.bin", "Range: bytes=100000-299999");
            assertThat(part.assertComplete().status()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(Bytes.slice(100_000, 200_000));
            assertUsed();
            RawResponse last = client.get("/file.bin", "Range: bytes=-60000");
            assertThat(last.assertComplete().body()).isEqualTo(Bytes.slice(LENGTH - 60_000, 60_000));
            assertUsed();
            assertWhole(client.exchange(RawRequest.get("/file.bin").http10()));
        }
    }

    @Test
    @DisplayName(
            "is not asked for where the answer has no such content: the next one on the connection is in its place")
    void hazards() throws IOException {
        try (EmbeddedContainer container = start(Duration.ZERO, watch());
                RawClient client = container.connect()) {
            RawResponse head = client.head("/file.bin");
            assertThat(head.field("Content-Length")).contains("" + LENGTH);
            assertNotUsed();
            String tag = head.field("ETag").orElseThrow();
            assertThat(client.get("/file.bin", "If-None-Match: " + tag).status())
                    .isEqualTo(304);
            assertNotUsed();
            assertThat(client.get("/file.bin", "If-Match: \"x\"").status()).isEqualTo(412);
            assertNotUsed();
            assertThat(client.get("/file.bin", "Range: bytes=1000000-").status())
                    .isEqualTo(416);
            assertNotUsed();
            RawResponse parts = client.get("/file.bin", "Range: bytes=0-99999,500000-599999");
            assertThat(parts.assertComplete().status()).isEqualTo(206);
            MultipartBody body = MultipartBody.parse(parts.field("Content-Type").orElseThrow(), parts.body());
            assertThat(body.parts().get(1).body()).isEqualTo(Bytes.slice(500_000, 100_000));
            assertNotUsed();
            assertThat(client.get("/small.bin").assertComplete().body()).isEqualTo(Bytes.pattern(40_000));
            assertNotUsed();
            assertWhole(client.get("/generated"));
            assertNotUsed();
            assertWhole(client.get("/file.bin"));
            assertUsed();
        }
    }

    @Test
    @DisplayName("is not undone by a filter in front that makes another answer of it: that breaks the connection off")
    void answeredOtherwise() throws IOException {
        Filter refuses = (request, response, chain) -> {
            chain.doFilter(request, response);
            if (response.isCommitted()) {
                throw new IllegalStateException("too late");
            }
            ((HttpServletResponse) response).sendError(503);
        };
        Filter hides = (request, response, chain) -> {
            chain.doFilter(request, response);
            if (!response.isCommitted()) {
                ((HttpServletResponse) response).setStatus(404);
            }
        };
        try (EmbeddedContainer container = start(Duration.ZERO, refuses)) {
            RawResponse got = container.get("/file.bin");
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.completion() == Completion.TRUNCATED || got.sha256().equals(Bytes.sha256(0, LENGTH)))
                    .as("%s", got)
                    .isTrue();
        }
        try (EmbeddedContainer container = start(Duration.ZERO, hides)) {
            assertWhole(container.get("/file.bin"));
        }
    }

    @Test
    @DisplayName("of a file that is truncated meanwhile ends short, and visibly so")
    void truncated() throws IOException {
        long length = 64L << 20;
        long left = 32L << 20;
        try (EmbeddedContainer container = start(Duration.ZERO, watch());
                RawClient client = container.connect()) {
            Path large = Bytes.write(root.resolve("large.bin"), length);
            OpenResponse open = client.send(RawRequest.get("/large.bin")).begin("GET");
            assertThat(open.head().field("Content-Length")).contains("" + length);
            try (FileChannel file = FileChannel.open(large, StandardOpenOption.WRITE)) {
                file.truncate(left);
            }
            RawResponse got = open.digestRest();
            assertThat(asked).last().asString().endsWith("/large.bin");
            assertThat(got.completion()).isEqualTo(Completion.TRUNCATED);
            assertThat(got.bodyLength()).isLessThanOrEqualTo(left);
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, got.bodyLength()));
        }
    }

    /** Sends a file by {@link ContentResponse}, in an application without our filter. */
    private final class Part implements Closeable {

        private final ContentOptions options =
                ContentOptions.builder().sendfileAfter(Duration.ZERO).build();
        private final ContentResponse door = new ContentResponse(options);
        private final EntityTagSource tags = EntityTagSource.of(options);
        private final Path file = Bytes.write(root.resolve("part.bin"), LENGTH);

        Part() throws IOException {}

        FilteredApp app() {
            return FilteredApp.behind(FilterEntry.of("watch", watch(), "/*").async())
                    .servlet("/part", this::send);
        }

        void send(HttpServletRequest request, HttpServletResponse response) throws IOException {
            door.send(FileRepresentation.of(file, Optional.empty(), tags), request, response);
        }

        @Override
        public void close() {
            tags.close();
        }
    }

    @Test
    @DisplayName("is not asked for by what a page includes")
    void included() throws IOException {
        try (Part part = new Part();
                EmbeddedContainer container = ContainerKind.TOMCAT.start(part.app()
                        .servlet("/page", (request, response) -> {
                            response.setHeader("Cache-Control", "no-store");
                            response.getOutputStream().print("before");
                            request.getRequestDispatcher("/part").include(request, response);
                            response.getOutputStream().print("after");
                        })
                        .app());
                RawClient client = container.connect()) {
            RawResponse page = client.get("/page").assertComplete();
            assertThat(page.bodyLength()).isEqualTo(11 + LENGTH);
            assertNotUsed();
            client.assertNothingFollows(Duration.ofMillis(30));
        }
    }

    /** Tomcat looks for a file to send behind the first pass alone: asked for elsewhere, it would never send the body. */
    @Test
    @DisplayName("is not asked for in async processing, nor where that has led to")
    void async() throws IOException {
        try (Part part = new Part();
                EmbeddedContainer container = ContainerKind.TOMCAT.start(part.app()
                        .servlet(
                                "/forward",
                                (request, response) ->
                                        request.getRequestDispatcher("/part").forward(request, response))
                        .servlet(
                                "/dispatch",
                                (request, response) -> request.startAsync().dispatch(request.getParameter("to")))
                        .servlet("/thread", (request, response) -> sendLater(part, request))
                        .app());
                RawClient client = container.connect()) {
            for (String target : new String[] {"/part", "/forward"}) {
                assertWhole(client.get(target));
                assertThat(asked).last().asString().endsWith("/part.bin");
            }
            for (String target : new String[] {"/dispatch?to=/part", "/dispatch?to=/forward", "/thread"}) {
                assertWhole(client.get(target));
            }
        }
    }

    private static void sendLater(Part part, HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        Thread thread = new Thread(() -> {
            try {
                // The pass has returned by then.
                Thread.sleep(100);
                part.send((HttpServletRequest) async.getRequest(), (HttpServletResponse) async.getResponse());
                async.complete();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    @DisplayName("is not asked for while a file is young, since nobody could look at it again before its last byte")
    void young() throws IOException {
        try (EmbeddedContainer container = start(Duration.ofMinutes(10), watch())) {
            // The time of its last change cannot be set back.
            assertWhole(container.get("/file.bin"));
            assertNotUsed();
        }
    }

    @Test
    @DisplayName("is not asked for behind a filter with a stream of its own, past which the bytes would go")
    void wrapped() throws IOException {
        Filter outer = (request, response, chain) -> {
            chain.doFilter(request, new Wrapper((HttpServletResponse) response));
            asked.add(String.valueOf(request.getAttribute(FILENAME)));
        };
        try (EmbeddedContainer container = start(Duration.ZERO, outer)) {
            assertWhole(container.get("/file.bin"));
            assertNotUsed();
        }
    }

    /** A response whose stream passes everything on. */
    private static final class Wrapper extends HttpServletResponseWrapper {

        Wrapper(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            ServletOutputStream out = super.getOutputStream();
            return new ServletOutputStream() {
                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public boolean isReady() {
                    return out.isReady();
                }

                @Override
                public void setWriteListener(WriteListener listener) {
                    out.setWriteListener(listener);
                }
            };
        }
    }
}
