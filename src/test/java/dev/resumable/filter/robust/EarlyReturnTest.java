// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentOptions.SendPolicy;
import dev.resumable.content.ContentResponse;
import dev.resumable.content.Representation;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.http.ByteRange;
import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What happens between the return of the chain and the last byte. */
@DisplayName("a body that is sent after the chain has returned")
final class EarlyReturnTest {

    private static final int LENGTH = 1_000_000;

    @TempDir
    private Path root;

    private EmbeddedContainer start(ContainerKind kind, SendPolicy send, Filter outer) throws IOException {
        Bytes.write(root.resolve("file.bin"), LENGTH);
        RangeConfig config = RangeConfig.builder()
                .staticFiles(RangeConfig.StaticFilesPolicy.DIRECT)
                .answers(ContentOptions.builder().send(send).build())
                .build();
        return kind.start(FilteredApp.behind(
                        FilterEntry.of("outer", outer, "/*").async(), new RangeServletFilter(config))
                .servlet("/generated", (request, response) -> {
                    try (var in = Bytes.stream(0, LENGTH)) {
                        in.transferTo(response.getOutputStream());
                    }
                })
                .app()
                .documentRoot(root));
    }

    private static void assertWhole(RawResponse got) {
        assertThat(got.assertComplete().status()).isEqualTo(200);
        assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is visibly short if its file is truncated before its first byte")
    void truncatedFirst(ContainerKind kind) throws IOException {
        Filter truncates = (request, response, chain) -> {
            chain.doFilter(request, response);
            try (FileChannel file = FileChannel.open(root.resolve("file.bin"), StandardOpenOption.WRITE)) {
                file.truncate(10);
            }
        };
        for (String range : new String[] {"X-Range: none", "Range: bytes=100000-"}) {
            try (EmbeddedContainer container = start(kind, SendPolicy.NON_BLOCKING, truncates);
                    Silence silence = Silence.begin()) {
                RawResponse got = container.get("/file.bin", range);
                boolean old = got.completion() == Completion.COMPLETE
                        && got.bodyLength() == (range.startsWith("Range") ? 900_000 : LENGTH);
                assertThat(old || got.completion() == Completion.TRUNCATED || got.status() >= 500)
                        .as("%s", got)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is left alone by a filter in front that looks whether the response is committed, or flushes it")
    void polite(ContainerKind kind) throws IOException {
        Filter polite = (request, response, chain) -> {
            chain.doFilter(request, response);
            if (!response.isCommitted()) {
                ((HttpServletResponse) response).setStatus(404);
            }
            response.flushBuffer();
        };
        try (EmbeddedContainer container = start(kind, SendPolicy.NON_BLOCKING, polite)) {
            assertWhole(container.get("/file.bin"));
            assertWhole(container.get("/generated"));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is sent before it with send=blocking, for a filter in front that flushes and closes the stream")
    void blocking(ContainerKind kind) throws IOException {
        Filter closes = (request, response, chain) -> {
            chain.doFilter(request, response);
            response.getOutputStream().flush();
            response.getOutputStream().close();
        };
        try (EmbeddedContainer container = start(kind, SendPolicy.BLOCKING, closes)) {
            assertWhole(container.get("/file.bin"));
            assertWhole(container.get("/generated"));
        }
    }

    /** Fails as libraries of remote stores do. */
    private record Failing(int before) implements Representation {

        @Override
        public long length() {
            return LENGTH;
        }

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("own"));
        }

        @Override
        public Optional<String> contentType() {
            return Optional.of("application/octet-stream");
        }

        @Override
        public InputStream open(ByteRange range) {
            InputStream first = Bytes.stream(0, before);
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    int next = first.read();
                    if (next < 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    return next;
                }
            };
        }
    }

    private static final class Sending extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Representation representation;

        Sending(Representation representation) {
            this.representation = representation;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            ContentResponse.defaults().send(representation, request, response);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("leaves nothing of its head on the error page, if its representation throws anything")
    void throwing(ContainerKind kind) throws IOException {
        // Without the filter, which would clear what is left.
        WebApp app = new WebApp()
                .servlet("at-once", new Sending(new Failing(0)), "/at-once")
                .servlet("later", new Sending(new Failing(300_000)), "/later");
        try (EmbeddedContainer container = kind.start(app);
                Silence silence = Silence.begin()) {
            RawResponse atOnce = container.get("/at-once");
            assertThat(atOnce.status()).isEqualTo(500);
            assertThat(atOnce.assertComplete().field("ETag")).isEmpty();
            RawResponse later = container.get("/later");
            assertThat(later.status() >= 500 || later.completion() == Completion.TRUNCATED)
                    .as("%s", later)
                    .isTrue();
            assertThat(later.status() < 500 || later.field("ETag").isEmpty()).isTrue();
        }
    }
}
