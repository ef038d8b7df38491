// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentOptions.DigestPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Repr-Digest and Content-Digest (RFC 9530) on every kind of answer. */
@DisplayName("digest fields")
final class DigestFieldsOfAnswersTest {

    private static final byte[] BODY = Bytes.pattern(1000);

    private static String field(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EmbeddedContainer start(ContainerKind kind, DigestPolicy policy) {
        ContentResponse door = new ContentResponse(ContentOptions.builder()
                .reprDigest(policy)
                .contentDigest(policy)
                .build());
        return kind.start(new WebApp()
                .servlet(
                        "content",
                        new HttpServlet() {
                            private static final long serialVersionUID = 1L;

                            @Override
                            protected void service(HttpServletRequest request, HttpServletResponse response)
                                    throws IOException {
                                door.send(BytesRepresentation.of(BODY, "application/octet-stream"), request, response);
                            }
                        },
                        "/content"));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("come when asked: Repr-Digest of the whole, Content-Digest of what is sent (RFC 9530 §2, §3)")
    void wanted(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, DigestPolicy.WANTED)) {
            String[] asked = {"Want-Repr-Digest: sha-256=5, sha-512=10", "Want-Content-Digest: sha-256=1"};

            RawResponse whole = container.get("/content", asked).assertComplete();
            assertThat(whole.field("Repr-Digest")).contains(field(BODY));
            assertThat(whole.field("Content-Digest")).contains(field(BODY));

            RawResponse part = RawClient.once(
                    container.port(), RawRequest.get("/content", asked).with("Range: bytes=10-19"));
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.field("Repr-Digest")).contains(field(BODY));
            assertThat(part.field("Content-Digest")).contains(field(Bytes.slice(10, 10)));

            RawResponse head = RawClient.once(container.port(), RawRequest.head("/content", asked));
            assertThat(head.field("Repr-Digest")).contains(field(BODY));

            RawResponse parts = RawClient.once(
                    container.port(), RawRequest.get("/content", asked).with("Range: bytes=0-0,9-9"));
            assertThat(parts.field("Repr-Digest")).contains(field(BODY));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("do not come unasked, or for a weight of 0, or for another algorithm (RFC 9530 §4)")
    void notWanted(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, DigestPolicy.WANTED)) {
            for (String want : new String[] {"X: y", "Want-Repr-Digest: sha-256=0", "Want-Repr-Digest: sha-512=9"}) {
                RawResponse response = container.get("/content", want);
                assertThat(response.status()).isEqualTo(200);
                assertThat(response.field("Repr-Digest")).as(want).isEmpty();
                assertThat(response.field("Content-Digest")).as(want).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("come always or never where that is configured")
    void configured(ContainerKind kind) throws IOException {
        try (EmbeddedContainer always = start(kind, DigestPolicy.ALWAYS);
                EmbeddedContainer never = start(kind, DigestPolicy.NEVER)) {
            assertThat(always.get("/content").field("Repr-Digest")).contains(field(BODY));
            assertThat(always.get("/content").field("Content-Digest")).contains(field(BODY));
            assertThat(never.get("/content", "Want-Repr-Digest: sha-256=1").field("Repr-Digest"))
                    .isEmpty();
        }
    }
}
