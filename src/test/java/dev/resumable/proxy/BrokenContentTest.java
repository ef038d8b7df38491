// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The library ends chunked content when it closes the stream, also after a failure. */
@DisplayName("content that the client does not send to its end")
final class BrokenContentTest {

    private static final String TARGET = "http://127.0.0.1/";

    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    /** Its first close takes a while, on the thread of whoever has noticed first that the client is gone. */
    private final class SlowToClose extends Socket {

        SlowToClose(int port) throws IOException {
            super(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public void setSoLinger(boolean on, int linger) throws SocketException {
            if (closing.getCount() > 0) {
                closing.countDown();
                awaitQuietly(released);
            }
            super.setSoLinger(on, linger);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName(
            "has no end for the server either, though another thread has begun to close the connection and is not done")
    void neverWhole() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ApacheUpstream upstream =
                        new ApacheUpstream(ProxyConfig.builder().target(TARGET).build());
                ApacheConnection connection = new ApacheConnection(Http1Config.DEFAULT)) {
            connection.bind(new SlowToClose(server.getLocalPort()));
            try (Socket accepted = server.accept()) {
                send(upstream, connection);
                assertThat(all(accepted)).contains("hello").doesNotEndWith("0\r\n\r\n");
            }
        } finally {
            released.countDown();
        }
    }

    private void send(ApacheUpstream upstream, ApacheConnection connection) throws Exception {
        HttpServletRequest request = requestThat(() -> {
            new Thread(() -> connection.close(CloseMode.IMMEDIATE)).start();
            awaitQuietly(closing);
        });
        RequestBody body = new RequestBody(
                request,
                OptionalLong.empty(),
                new ClientPatience(request, Duration.ZERO, () -> {}),
                InputStream.nullInputStream());
        ContentWatch watch = new ContentWatch(upstream, Optional.of(body), closingCall(connection));
        connection.begin((status, fields) -> {});
        watch.begin(connection);
        try {
            BasicClassicHttpRequest head = new BasicClassicHttpRequest("POST", "/");
            head.addHeader("Host", "origin");
            head.addHeader("Transfer-Encoding", "chunked");
            head.setEntity(new ApacheContent(body, watch));
            connection.sendRequestHeader(head);
            assertThatThrownBy(() -> connection.sendContent(head)).isInstanceOf(ClientException.class);
        } finally {
            watch.end();
        }
    }

    private static Upstream.Call closingCall(ApacheConnection connection) {
        return proxyOf(Upstream.Call.class, method -> {
            if (method.equals("cancel")) {
                connection.close(CloseMode.IMMEDIATE);
            }
            return null;
        });
    }

    private static HttpServletRequest requestThat(Runnable atTheBreak) {
        return proxyOf(HttpServletRequest.class, method -> switch (method) {
            case "getInputStream" -> new Broken(atTheBreak);
            case "isTrailerFieldsReady" -> false;
            default -> null;
        });
    }

    /** What is answered to a call, by its name. */
    private interface Answers {
        Object to(String method);
    }

    private static <T> T proxyOf(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> answers.to(method.getName())));
    }

    /** Some bytes, and then none any more. */
    private static final class Broken extends ServletInputStream {

        private final Runnable atTheBreak;
        private boolean begun;

        Broken(Runnable atTheBreak) {
            this.atTheBreak = atTheBreak;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (begun) {
                atTheBreak.run();
                throw new IOException("the client is gone");
            }
            begun = true;
            byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(hello, 0, bytes, offset, hello.length);
            return hello.length;
        }

        @Override
        public int read() {
            throw new AssertionError("not used");
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("not async");
        }
    }

    private static String all(Socket socket) throws IOException {
        StringBuilder all = new StringBuilder();
        socket.setSoTimeout(10_000);
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.append((char) next);
            }
        } catch (SocketException | SocketTimeoutException e) {
            // A reset, which is right; or what came is all that there is while the other one closes.
        }
        return all.toString();
    }
}
