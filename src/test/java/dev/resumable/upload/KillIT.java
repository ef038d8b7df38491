// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Servers that are killed at random times while four clients send, always on the same data. */
@DisplayName("after kill -9 of a server")
class KillIT {

    /** On each container. */
    private static final int KILLS =
            Integer.getInteger("resumable.kills", System.getProperty("resumable.heavy") == null ? 4 : 16);

    private static final int KILLS_OF_WAR =
            Integer.getInteger("resumable.war-kills", System.getProperty("resumable.heavy") == null ? 2 : 5);

    private static final int MAX_MILLIS = 120;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ContainerSource
    @DisplayName("what was acknowledged is there, nothing is twice or torn, and uploads go on at once")
    void kills(ContainerKind kind) throws IOException {
        try (KilledServer server = new UploadProcess(kind, directory, "per-request")) {
            new Rounds(server).run(KILLS);
        }
    }

    @Test
    @DisplayName("so it is for the executable WAR")
    void killsOfWar() throws IOException {
        try (KilledServer server = new UploadWar(directory)) {
            new Rounds(server).run(KILLS_OF_WAR);
        }
    }

    /** One server, its clients, and what they know. */
    private static final class Rounds {
        private final KilledServer server;
        private final long seed = ThreadLocalRandom.current().nextLong();
        private final Random random = new Random(seed);
        private final AcknowledgedFiles files = new AcknowledgedFiles();
        private final List<Sender> senders = new ArrayList<>();
        private Duration slowest = Duration.ZERO;

        Rounds(KilledServer server) {
            this.server = server;
            for (int i = 0; i < 2; i++) {
                senders.add(new TusSender(server.base(), new Random(random.nextLong()), files));
                senders.add(new PartsSender(server.base(), new Random(random.nextLong()), files));
            }
        }

        void run(int kills) throws IOException {
            System.out.println("kills with seed " + seed);
            for (int kill = 0; kill < kills; kill++) {
                int port = server.start();
                checkAndGoOn(port, kill);
                sendUntilKilled(port);
            }
            int port = server.start();
            checkAndGoOn(port, kills);
            for (Sender sender : senders) {
                sender.sendFile(port);
            }
            files.checkAndDelete(new PartsClient(port, server.base(), "alice"));
            System.out.println(kills + " kills, " + files.count() + " files; all uploads went on after "
                    + slowest.toMillis() + " ms at most");
        }

        /** The first request after the restart is answered, and the next one goes on: nobody has to try twice. */
        private void checkAndGoOn(int port, int kill) throws IOException {
            long begun = System.nanoTime();
            try {
                for (Sender sender : senders) {
                    sender.check(port);
                    assertThat(sender.step(port)).isEqualTo(Sender.Step.ANSWERED);
                }
                Duration time = Duration.ofNanos(System.nanoTime() - begun);
                slowest = time.compareTo(slowest) > 0 ? time : slowest;
                files.checkAndDelete(new PartsClient(port, server.base(), "alice"));
            } catch (AssertionError e) {
                throw new AssertionError("after kill " + kill + " with seed " + seed, e);
            }
        }

        private void sendUntilKilled(int port) {
            List<CompletableFuture<Void>> sending = senders.stream()
                    .map(sender -> CompletableFuture.runAsync(() -> sender.sendUntilGone(port), this::inThread))
                    .toList();
            pause(random.nextInt(MAX_MILLIS));
            server.kill();
            sending.forEach(CompletableFuture::join);
        }

        /** The common pool may have one thread only. */
        private void inThread(Runnable work) {
            Thread thread = new Thread(work, "sender");
            thread.setDaemon(true);
            thread.start();
        }

        /** The random time of the kill; nothing is waited for. */
        private static void pause(long millis) {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
    }
}
