// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.Silence;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Creations with bytes, in tus and the draft, whose body cannot be begun after the upload was created. */
@DisplayName("a creation is taken back")
class TakenBackCreationTest {

    private static final byte[] WHOLE = bytes(1, 100);

    /** Against the contract of filters in front. */
    private static final Filter ASYNC = (request, response, chain) -> {
        AsyncContext async = request.startAsync();
        try {
            chain.doFilter(request, response);
        } catch (IllegalStateException e) {
            ((HttpServletResponse) response).setStatus(500);
        } finally {
            async.complete();
        }
    };

    /** The same. */
    private static final Filter READER = (request, response, chain) -> {
        request.getReader().close();
        chain.doFilter(request, response);
    };

    @TempDir
    private Path directory;

    private final List<String> heard = new CopyOnWriteArrayList<>();

    private final UploadListener listener = new UploadListener() {
        @Override
        public void created(UploadState state) {
            heard.add("created " + state.id());
        }

        @Override
        public void cancelled(UploadState state) {
            heard.add("cancelled " + state.id());
        }
    };

    private EmbeddedContainer start(ContainerKind kind, Filter filter) {
        UploadServlet servlet = new UploadServlet(UploadConfig.defaults(directory.resolve("async")), listener);
        UploadServlet blocking = new UploadServlet(UploadConfig.defaults(directory.resolve("blocking")), listener);
        return kind.start(new WebApp()
                .contextPath("/app")
                .filter(FilterEntry.of("in front", filter, "/*").async())
                .servlet(ServletEntry.of("uploads", servlet, "/uploads/*").async())
                .servlet(ServletEntry.of("blocking", blocking, "/blocking/*")));
    }

    private void assertTakenBack(EmbeddedContainer container, String base, int status) throws IOException {
        TusClient tus = new TusClient(container.port(), base, "alice");
        DraftClient draft = new DraftClient(container.port(), base, "alice", 8);
        List<RawResponse> answers = List.of(
                tus.exchange(tus.request("POST", base + "/", "Upload-Length: " + WHOLE.length, TusClient.BYTES)
                        .withBody(WHOLE)),
                draft.post(WHOLE, draft.last()),
                draft.post(WHOLE, draft.more()));

        for (RawResponse answer : answers) {
            assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
            assertThat(answer.fields("Location")).isEmpty();
            // RFC 9110 §6.6.1, also of an answer that was begun again.
            assertThat(answer.fields("Date")).as(answer.toString()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(heard).hasSize(6);
        for (int i = 0; i < heard.size(); i += 2) {
            assertThat(heard.get(i + 1)).isEqualTo(heard.get(i).replace("created", "cancelled"));
        }
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allMatch(file -> file.getFileName().toString().equals("lock"));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("if a filter in front has started async processing")
    void async(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, ASYNC);
                Silence silence = Silence.begin()) {
            assertTakenBack(container, "/app/uploads", 500);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("if a filter in front has taken the body")
    void reader(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, READER);
                Silence silence = Silence.begin()) {
            // The async servlet says that the body ended early.
            assertTakenBack(container, "/app/uploads", 400);
            heard.clear();
            assertTakenBack(container, "/app/blocking", 500);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("if the store cannot open it")
    void store(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = startWithout("append", kind);
                Silence silence = Silence.begin()) {
            assertTakenBack(container, "/app/uploads", 500);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("if the store cannot make a file of no bytes")
    void empty(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = startWithout("replace", kind);
                Silence silence = Silence.begin()) {
            TusClient tus = new TusClient(container.port(), "/app/uploads", "alice");
            assertThat(tus.send("POST", "/app/uploads/", "Upload-Length: 0").status())
                    .isEqualTo(500);
        }
        assertThat(heard).hasSize(2);
        assertNothingIsLeft();
    }

    private EmbeddedContainer startWithout(String trouble, ContainerKind kind) throws IOException {
        UploadStore store =
                TroubledStore.of(UploadStore.inDirectory(directory, FsyncPolicy.NONE), (method, arguments) -> {
                    if (method.equals(trouble)) {
                        throw new IOException("on purpose");
                    }
                });
        UploadServlet servlet = new UploadServlet(UploadConfig.defaults(directory), listener, store);
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", servlet, "/uploads/*").async()));
    }
}
