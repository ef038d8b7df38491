// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import dev.resumable.upload.store.UploadStates;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A store that cannot do what it is asked to. */
class FailingStoreTest {

    private static final String ORIGIN = "Origin: https://page.example";

    @TempDir
    private Path directory;

    /** The same store, in which one method of the states fails. */
    private static UploadStore without(String method, UploadStore store) {
        UploadStates states = (UploadStates) Proxy.newProxyInstance(
                UploadStates.class.getClassLoader(),
                new Class<?>[] {UploadStates.class},
                (proxy, called, arguments) -> {
                    if (called.getName().equals(method)) {
                        throw new IOException("on purpose");
                    }
                    try {
                        return called.invoke(store.states(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return new UploadStore(store.bodies(), states, store.locks(), store.catalogue(), store.resources());
    }

    private EmbeddedContainer start(ContainerKind kind, String method) throws IOException {
        UploadConfig config = UploadConfig.builder(directory)
                .allowedOrigins(Set.of("https://page.example"))
                .build();
        UploadStore store = without(method, UploadStore.inDirectory(directory, FsyncPolicy.NONE));
        UploadServlet servlet = new UploadServlet(config, new UploadListener() {}, store);
        return kind.start(new WebApp()
                .contextPath("/app")
                .servlet(ServletEntry.of("uploads", servlet, "/uploads/*").async()));
    }

    private static void assertFailed(RawResponse response) throws IOException {
        assertThat(response.status()).as(response.toString()).isEqualTo(500);
        assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/store-failed");
        assertThat(response.field("Tus-Resumable")).contains("1.0.0");
        assertThat(response.field("Access-Control-Allow-Origin")).contains("https://page.example");
        assertThat(response.fields("Vary")).containsExactly("Origin");
        assertThat(response.fields("Location")).isEmpty();
        assertThat(response.bodyText()).doesNotContain("on purpose", "Exception");
    }

    @ParameterizedTest
    @ContainerSource
    void itsFailuresHaveTheFieldsOfEveryAnswer(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "create")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            assertFailed(client.post("Upload-Length: 5", ORIGIN));
        }
    }

    @ParameterizedTest
    @ContainerSource
    void thoseAfterTheBodyToo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "delete")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            // An upload whose first bytes are wrong is removed again, which fails here.
            assertFailed(client.exchange(client.request("POST", "/app/uploads/", "Upload-Length: 5", ORIGIN)
                    .with(TusClient.BYTES, "Upload-Checksum: md5 AAAA")
                    .withBody(bytes(1, 5))));
        }
    }

    @ParameterizedTest
    @ContainerSource
    void thoseBeforeAProtocolIsKnownToo(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, "find")) {
            TusClient client = new TusClient(container.port(), "/app/uploads", "alice");
            String upload = client.create(5);
            // Of which protocol the upload is decides, since the request does not tell.
            RawResponse response = client.exchange(client.bare("DELETE", upload, ORIGIN));
            assertThat(response.status()).as(response.toString()).isEqualTo(500);
            assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/store-failed");
            assertThat(response.field("Access-Control-Allow-Origin")).contains("https://page.example");
            assertThat(response.bodyText()).doesNotContain("on purpose", "Exception");
        }
    }
}
