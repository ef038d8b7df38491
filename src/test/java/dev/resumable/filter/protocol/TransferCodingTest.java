// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P43: applications that copy the fields of an upstream answer, hop-by-hop ones among them. */
@DisplayName("an application that sets Transfer-Encoding")
final class TransferCodingTest {

    private static final int LENGTH = 200_000;

    /** As a careless proxy does: the query names further fields of the upstream. */
    private static void relay(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Transfer-Encoding", "chunked");
        String query = String.valueOf(request.getQueryString());
        if (query.contains("length")) {
            response.setContentLength(LENGTH);
        }
        if (query.contains("no-store")) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (query.contains("error")) {
            response.setStatus(404);
        }
        if (query.contains("tag")) {
            response.setHeader("ETag", "\"upstream\"");
        }
        response.getOutputStream().write(Bytes.pattern(LENGTH));
    }

    private static EmbeddedContainer start(ContainerKind kind) {
        return kind.start(FilteredApp.create()
                .servlet("/relay", TransferCodingTest::relay)
                .app());
    }

    @ParameterizedTest(name = "P43 {0}")
    @ContainerSource
    @DisplayName("P43 is framed once and right, whether resumable or not")
    void framedOnce(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String query : new String[] {
                "none", "length", "tag", "length-tag", "no-store", "no-store-length", "error", "error-length"
            }) {
                RawResponse got = client.get("/relay?" + query).assertComplete();
                assertThat(got.sha256()).as("%s: %s", query, got.head()).isEqualTo(Bytes.sha256(0, LENGTH));
                assertThat(got.fields("Transfer-Encoding").size()
                                + got.fields("Content-Length").size())
                        .as("%s: %s", query, got.head())
                        .isEqualTo(1);
            }
        }
    }

    @ParameterizedTest(name = "P43 {0}")
    @ContainerSource
    @DisplayName("P43 has ranges all the same")
    void ranges(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                RawClient client = container.connect()) {
            for (String query : new String[] {"none", "length", "tag", "length-tag"}) {
                RawResponse got =
                        client.get("/relay?" + query, "Range: bytes=199990-").assertComplete();
                assertThat(got.status()).as("%s: %s", query, got.head()).isEqualTo(206);
                assertThat(got.field("Transfer-Encoding")).isEmpty();
                assertThat(got.body()).isEqualTo(Bytes.slice(199_990, 10));
            }
        }
    }
}
