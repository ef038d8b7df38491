// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault happens at its byte and as both sides would see it on a real network. */
@Timeout(120)
final class FaultyLinkTest {
    private static final int LENGTH = 1_000_000;

    /** Reads one byte, then sends the pattern and ends in order. */
    private static ScriptedServer sender() throws IOException {
        return ScriptedServer.start(connection -> {
            connection.getInputStream().read();
            Bytes.stream(0, LENGTH).transferTo(connection.getOutputStream());
            connection.shutdownOutput();
            connection.getInputStream().read();
        });
    }

    private static Socket ask(FaultyLink link) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port());
        socket.getOutputStream().write('?');
        return socket;
    }

    @Test
    void passesEverythingWithoutAFault() throws IOException {
        try (ScriptedServer server = sender();
                FaultyLink link = FaultyLink.to(server.port());
                Socket socket = ask(link)) {
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(Bytes.pattern(LENGTH));
            assertThat(link.bytesToClient()).isEqualTo(LENGTH);
            assertThat(link.bytesToServer()).isEqualTo(1);
            assertThat(link.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_001, LENGTH})
    void cutsInOrderAtTheExactByte(int after) throws IOException {
        try (ScriptedServer server = sender();
                FaultyLink link =
                        FaultyLink.to(server.port()).nextConnection(LinkPlan.toClient(Fault.cutAfter(after)))) {
            try (Socket socket = ask(link)) {
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(Bytes.pattern(after));
            }
            try (Socket socket = ask(link)) {
                assertThat(socket.getInputStream().readAllBytes())
                        .as("the next is clean")
                        .hasSize(LENGTH);
            }
        }
    }

    @Test
    void resetsBothSides() throws Exception {
        CompletableFuture<IOException> seen = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    connection.getOutputStream().write(Bytes.pattern(1000));
                    try {
                        connection.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        seen.complete(e);
                    }
                });
                FaultyLink link =
                        FaultyLink.to(server.port()).everyConnection(LinkPlan.toClient(Fault.resetAfter(1000)));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
            assertThatThrownBy(() -> socket.getInputStream().readAllBytes()).isInstanceOf(SocketException.class);
            assertThat(seen.get(30, TimeUnit.SECONDS)).isInstanceOf(SocketException.class);
            assertThat(link.bytesToClient()).isEqualTo(1000);
        }
    }

    @Test
    void halfClosesTowardsTheServerAndStillBringsTheAnswer() throws IOException {
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    int count = connection.getInputStream().readAllBytes().length;
                    connection.getOutputStream().write(Bytes.pattern(count));
                });
                FaultyLink link =
                        FaultyLink.to(server.port()).everyConnection(LinkPlan.toServer(Fault.halfCloseAfter(77)));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
            socket.getOutputStream().write(new byte[1000]);
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(Bytes.pattern(77));
        }
    }

    @Test
    void stallsUntilReleased() throws IOException {
        try (ScriptedServer server = sender();
                FaultyLink link =
                        FaultyLink.to(server.port()).everyConnection(LinkPlan.toClient(Fault.stallAfter(5000)));
                Socket socket = ask(link)) {
            assertThat(socket.getInputStream().readNBytes(5000)).isEqualTo(Bytes.pattern(5000));
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            link.release();
            socket.setSoTimeout(30_000);
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(Bytes.slice(5000, LENGTH - 5000));
        }
    }

    @Test
    void holdsTheSenderUpWhileStalled() throws IOException {
        AtomicLong sent = new AtomicLong();
        try (ScriptedServer server = ScriptedServer.start(connection -> {
                    byte[] block = new byte[64 * 1024];
                    while (true) {
                        connection.getOutputStream().write(block);
                        sent.addAndGet(block.length);
                    }
                });
                FaultyLink link = FaultyLink.to(server.port()).everyConnection(LinkPlan.toClient(Fault.stallAfter(0)));
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
            assertThat(socket.isConnected()).isTrue();
            await().during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(30))
                    .until(sent::get, stable(sent));
            assertThat(link.bytesToClient()).isZero();
        }
    }

    private static java.util.function.Predicate<Long> stable(AtomicLong value) {
        AtomicLong last = new AtomicLong(-1);
        return now -> last.getAndSet(value.get()) == now && now < 64L << 20;
    }

    @Test
    void dripsSingleBytes() throws IOException {
        try (ScriptedServer server = sender();
                FaultyLink link = FaultyLink.to(server.port())
                        .everyConnection(LinkPlan.toClient(Fault.dripAfter(LENGTH - 3000)));
                Socket socket = ask(link)) {
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(Bytes.pattern(LENGTH));
        }
    }

    @Test
    void closesTheClientWhenTheServerRefuses() throws IOException {
        int unused;
        try (ScriptedServer server = sender()) {
            unused = server.port();
        }
        try (FaultyLink link = FaultyLink.to(unused);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void endsAllThreadsOnClose() throws IOException {
        try (ScriptedServer server = sender()) {
            FaultyLink link = FaultyLink.to(server.port()).everyConnection(LinkPlan.toClient(Fault.stallAfter(10)));
            try (Socket socket = ask(link)) {
                assertThat(socket.getInputStream().readNBytes(10)).hasSize(10);
                assertThat(threadsOf(link)).isEqualTo(3);
                link.close();
                assertThat(threadsOf(link)).isZero();
                assertThat(link.openConnections()).isZero();
            }
        }
    }

    /** Not those of other tests, some of which may just be about to end. */
    private static long threadsOf(FaultyLink link) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("faulty-link-" + link.port() + "-"))
                .count();
    }
}
