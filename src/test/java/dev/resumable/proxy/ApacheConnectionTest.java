// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.io.CloseMode;
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

    @Test
    @DisplayName(
            "that was closed before it had a socket closes that one too, as a call may be cancelled while it connects")
    void bindsNothingOnceClosed() throws IOException {
        ApacheConnection connection = new ApacheConnection(Http1Config.DEFAULT);
        connection.close(CloseMode.IMMEDIATE);

        try (Socket late = new Socket()) {
            assertThatThrownBy(() -> connection.bind(late)).isInstanceOf(InterruptedIOException.class);
            assertThat(late.isClosed()).isTrue();
        }
        assertThat(connection.isOpen()).isFalse();
    }

    /** As the library does for the thread that sends content and one that listens beside it. */
    @Test
    @DisplayName("watches the one input that is read from, though two threads ask for it first at the same time")
    void oneInput() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket socket = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
            ApacheSocket watched = new ApacheSocket(socket);
            InputStream kept = watched.getInputStream();

            InputStream late = watched.getInputStream(socket);

            assertThat(late).isSameAs(kept);
            assertThat(watched.input()).isSameAs(kept);
        }
    }

    /** By itself, so that no variable keeps it. */
    private static WeakReference<Upstream.Interim> begin(ApacheConnection connection) {
        StringBuilder exchange = new StringBuilder();
        Upstream.Interim listener = (status, fields) -> exchange.append(status);
        connection.begin(listener);
        return new WeakReference<>(listener);
    }
}
