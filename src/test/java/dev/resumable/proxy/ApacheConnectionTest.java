// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import org.apache.hc.core5.http.config.Http1Config;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a connection of the pool")
final class ApacheConnectionTest {

    @Test
    @DisplayName("does not keep an exchange that is over")
    void keepsNothing() {
        ApacheConnection connection = new ApacheConnection(Http1Config.DEFAULT);
        WeakReference<Upstream.Interim> listener = begin(connection);

        connection.passivate();

        await().untilAsserted(() -> {
            System.gc();
            assertThat(listener.get()).isNull();
        });
        Reference.reachabilityFence(connection);
    }

    /** By itself, so that no variable keeps it. */
    private static WeakReference<Upstream.Interim> begin(ApacheConnection connection) {
        StringBuilder exchange = new StringBuilder();
        Upstream.Interim listener = (status, fields) -> exchange.append(status);
        connection.begin(listener);
        return new WeakReference<>(listener);
    }
}
