// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Answers without content, from a file whose bytes nobody has read yet. */
@DisplayName("a cold small file")
final class ColdFileTest {

    private static final int LENGTH = 70_000;
    private static final String OTHER_STATE = "\"m." + "0".repeat(24) + '"';
    private static final String OTHER_BYTES = "\"c." + "0".repeat(24) + '"';

    @TempDir
    private static Path directory;

    private static Path file;
    private static Path few;
    private static String metadataTag;
    private static String contentTag;

    @BeforeAll
    static void write() throws IOException {
        file = LastingFiles.write(directory.resolve("file"), LENGTH);
        few = LastingFiles.write(directory.resolve("few"), 64 << 10);
        metadataTag = tag(file, EntityTagSource.Policy.METADATA);
        contentTag = tag(file, EntityTagSource.Policy.CONTENT);
    }

    private static String tag(Path file, EntityTagSource.Policy policy) throws IOException {
        try (EntityTagSource tags = new EntityTagSource(policy, 0)) {
            FileRepresentation representation = FileRepresentation.of(file, Optional.empty(), tags);
            return representation.validators().entityTag().orElseThrow().toString();
        }
    }

    /** Sends the file; a fresh source of tags for each request, so the file is cold every time. */
    private static final class ColdServlet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient Path file;
        private volatile boolean wasRead;

        ColdServlet(Path file) {
            this.file = file;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try (EntityTagSource tags = EntityTagSource.of(ContentOptions.defaults())) {
                new FileContent(ContentResponse.defaults(), tags)
                        .send(
                                file,
                                Optional.of("text/plain"),
                                ContentRequest.of(request),
                                Delivery.of(request, response));
                wasRead = tags.identify(file, FileState.of(file), unread -> EarlyDecision.FINAL)
                        .sha256()
                        .isPresent();
            }
        }
    }

    private record Answer(int status, Optional<String> tag, boolean wasRead) {}

    private static Answer ask(EmbeddedContainer container, ColdServlet cold, String... lines) throws IOException {
        RawResponse response = container.get("/file", lines).assertComplete();
        return new Answer(response.status(), response.field("ETag"), cold.wasRead);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not read where its metadata tag decides")
    void decidedUnread(ContainerKind kind) throws IOException {
        ColdServlet cold = new ColdServlet(file);
        try (EmbeddedContainer container = kind.start(new WebApp().servlet("file", cold, "/file"))) {
            Optional<String> known = Optional.of(metadataTag);

            assertThat(ask(container, cold, "If-None-Match: " + metadataTag)).isEqualTo(new Answer(304, known, false));
            assertThat(ask(container, cold, "If-None-Match: " + OTHER_BYTES + ", W/" + metadataTag))
                    .isEqualTo(new Answer(304, known, false));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not read for a 412 or 416 that its content tag cannot change, and that names no tag")
    void refusedUnread(ContainerKind kind) throws IOException {
        ColdServlet cold = new ColdServlet(file);
        Answer failed = new Answer(412, Optional.empty(), false);
        Answer unsatisfiable = new Answer(416, Optional.empty(), false);
        try (EmbeddedContainer container = kind.start(new WebApp().servlet("file", cold, "/file"))) {
            assertThat(ask(container, cold, "If-Match: " + OTHER_STATE)).isEqualTo(failed);
            assertThat(ask(container, cold, "If-Match: \"foreign\"")).isEqualTo(failed);
            assertThat(ask(container, cold, "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"))
                    .isEqualTo(failed);
            assertThat(ask(container, cold, "Range: bytes=70000-")).isEqualTo(unsatisfiable);
            assertThat(ask(container, cold, "Range: bytes=70000-", "If-Range: " + metadataTag))
                    .isEqualTo(unsatisfiable);
            assertThat(ask(container, cold, "Range: bytes=70000-", "If-Match: " + OTHER_BYTES + ", " + metadataTag))
                    .isEqualTo(unsatisfiable);
            assertThat(ask(container, cold, "Range: bytes=70000-", "If-None-Match: " + OTHER_STATE))
                    .isEqualTo(unsatisfiable);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of few bytes names its tag in a 412 or 416 too")
    void fewBytes(ContainerKind kind) throws IOException {
        ColdServlet cold = new ColdServlet(few);
        try (EmbeddedContainer container = kind.start(new WebApp().servlet("file", cold, "/file"))) {
            Optional<String> known = Optional.of(tag(few, EntityTagSource.Policy.CONTENT));

            assertThat(ask(container, cold, "If-Match: " + OTHER_STATE)).isEqualTo(new Answer(412, known, true));
            assertThat(ask(container, cold, "Range: bytes=70000-")).isEqualTo(new Answer(416, known, true));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is read where its content tag might decide otherwise, or is the tag that a 200 has")
    void decidedByBytes(ContainerKind kind) throws IOException {
        ColdServlet cold = new ColdServlet(file);
        try (EmbeddedContainer container = kind.start(new WebApp().servlet("file", cold, "/file"))) {
            Optional<String> known = Optional.of(contentTag);

            assertThat(ask(container, cold, "If-None-Match: " + contentTag)).isEqualTo(new Answer(304, known, true));
            assertThat(ask(container, cold, "If-Match: " + contentTag)).isEqualTo(new Answer(200, known, true));
            assertThat(ask(container, cold, "If-Match: " + OTHER_BYTES)).isEqualTo(new Answer(412, known, true));
            assertThat(ask(container, cold, "If-None-Match: " + contentTag, "Range: bytes=70000-"))
                    .isEqualTo(new Answer(304, known, true));
            assertThat(ask(container, cold, "Range: bytes=70000-", "If-None-Match: " + OTHER_BYTES))
                    .isEqualTo(new Answer(416, known, true));
            assertThat(ask(container, cold, "Range: bytes=70000-", "If-Range: " + contentTag))
                    .isEqualTo(new Answer(416, known, true));
            assertThat(ask(container, cold, "If-None-Match: *")).isEqualTo(new Answer(304, known, true));
            assertThat(ask(container, cold, "If-Range: " + metadataTag, "Range: bytes=0-0"))
                    .isEqualTo(new Answer(206, known, true));
            assertThat(ask(container, cold, "If-None-Match: " + OTHER_STATE)).isEqualTo(new Answer(200, known, true));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that was written just now has one tag in all its answers")
    void young(ContainerKind kind) throws IOException {
        Path young = directory.resolve("young-" + kind);
        try (EntityTagSource tags = EntityTagSource.of(ContentOptions.defaults())) {
            FileContent files = new FileContent(ContentResponse.defaults(), tags);
            HttpServlet servlet = new HttpServlet() {
                private static final long serialVersionUID = 1L;

                @Override
                protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                    Bytes.write(young, LENGTH);
                    files.send(
                            young,
                            Optional.of("text/plain"),
                            ContentRequest.of(request),
                            Delivery.of(request, response));
                }
            };
            try (EmbeddedContainer container = kind.start(new WebApp().servlet("young", servlet, "/young"))) {
                Optional<String> tag = container.get("/young").field("ETag");
                assertThat(tag.orElseThrow()).startsWith("\"c.");
                assertThat(container.get("/young", "Range: bytes=70000-").field("ETag"))
                        .isEqualTo(tag);
                assertThat(container.get("/young", "If-Match: " + OTHER_STATE).field("ETag"))
                        .isEqualTo(tag);
            }
        }
    }
}
