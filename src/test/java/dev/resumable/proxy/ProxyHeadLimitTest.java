// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** Answer heads at and above what the container can send: 8 KiB in Tomcat and Jetty 12.0, more in Jetty 12.1. */
@DisplayName("the head of an answer")
final class ProxyHeadLimitTest {

    private static ProxyBed bed;

    @BeforeAll
    static void start() {
        bed = ProxyBed.start();
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    private static int answer(RawClient client, String path, int length) throws IOException {
        String value = "a".repeat(length);
        bed.answer("HTTP/1.1 200 OK\r\nX-Long: " + value + "\r\nContent-Length: 2\r\n\r\nok");
        RawResponse got = client.get(path).assertComplete();
        if (got.status() == 200) {
            assertThat(got.field("X-Long")).contains(value);
            assertThat(got.bodyText()).isEqualTo("ok");
        } else {
            assertThat(got.status()).as("%d characters on %s", length, path).isEqualTo(502);
            assertThat(got.field("Content-Type").orElseThrow()).startsWith("application/problem+json");
            assertThat(got.field("X-Long")).isEmpty();
            assertThat(got.bodyText()).doesNotContain("xception");
        }
        return got.status();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("passes whole, or is 502 where the container cannot send it, and the connection stays")
    void everyLength(ContainerKind kind) throws IOException {
        for (String path : new String[] {"/app/proxy/x", "/app/here/x"}) {
            Set<Integer> seen = new HashSet<>();
            try (RawClient client = bed.on(kind).connect()) {
                for (int length = 7_400; length <= 8_400; length += 25) {
                    seen.add(answer(client, path, length));
                }
                seen.add(answer(client, path, 60_000));
                assertThat(answer(client, path, 7_000)).isEqualTo(200);
            }
            assertThat(seen).as(path).contains(kind == ContainerKind.UNDERTOW ? 200 : 502);
        }
    }
}
