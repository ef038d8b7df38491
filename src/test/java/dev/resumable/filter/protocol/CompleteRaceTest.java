// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.InParallel;
import dev.resumable.testing.QuietAsyncListener;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P50: {@code complete()} on one thread against the container's timeout, an error or the client on another. */
@DisplayName("a race of complete against timeout, error or abort")
final class CompleteRaceTest {

    private static final int ROUNDS = 2;
    private static final int AT_ONCE = 500;
    private static final int LENGTH = 300_000;
    private static final int TIMEOUT = 1_000;

    /** Hundreds wait for one another on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** More than the patience of the clients: no container may end what would hang. */
    private static final Duration LIMIT_OF_THE_CONTAINER = Duration.ofMinutes(5);

    @TempDir
    private Path spools;

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(4);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    /** Writes all and completes about when the timeout strikes; one container looks for timeouts once a second only. */
    private void race(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(TIMEOUT);
        async.addListener(new CompletingListener());
        try (var in = Bytes.stream(0, LENGTH)) {
            in.transferTo(async.getResponse().getOutputStream());
        }
        long delay = TIMEOUT + ThreadLocalRandom.current().nextLong(-30, 1_030);
        timer.schedule(() -> complete(async), delay, TimeUnit.MILLISECONDS);
    }

    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException e) {
            // The other side was first.
        }
    }

    /** Completes on timeout and on errors, as the other thread does. */
    private static final class CompletingListener extends QuietAsyncListener {

        @Override
        public void onTimeout(AsyncEvent event) {
            complete(event.getAsyncContext());
        }

        @Override
        public void onError(AsyncEvent event) {
            complete(event.getAsyncContext());
        }
    }

    @ParameterizedTest(name = "P50 {0}")
    @ContainerSource
    @DisplayName("P50 ends in one answer, whole or an error, a thousand times, and leaves nothing behind")
    void race(ContainerKind kind) throws IOException {
        SpoolFiles.requireCountable();
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(64 << 10)
                .build();
        FilteredApp app = FilteredApp.with(config).servlet("/race", this::race);
        try (EmbeddedContainer container = kind.start(app.app().idleTimeout(LIMIT_OF_THE_CONTAINER))) {
            int whole = 0;
            for (int round = 0; round < ROUNDS; round++) {
                whole += round(container);
            }
            assertThat(whole).as("answers that were whole").isGreaterThan(ROUNDS * AT_ONCE / 2);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(SpoolFiles.open(spools)).isZero());
        }
    }

    /** Dispatches about when the timeout strikes, and writes all then. */
    private void raceOfDispatch(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getDispatcherType() == DispatcherType.ASYNC) {
            try (var in = Bytes.stream(0, LENGTH)) {
                in.transferTo(response.getOutputStream());
            }
            return;
        }
        AsyncContext async = request.startAsync();
        async.setTimeout(TIMEOUT);
        long delay = TIMEOUT + ThreadLocalRandom.current().nextLong(-30, 1_030);
        timer.schedule(() -> dispatch(async), delay, TimeUnit.MILLISECONDS);
    }

    private static void dispatch(AsyncContext async) {
        try {
            async.dispatch();
        } catch (IllegalStateException e) {
            // The container was first.
        }
    }

    @ParameterizedTest(name = "P50 {0}")
    @ContainerSource
    @DisplayName("P50 of a dispatch that meets the timeout is whole, or an error, and never left unfinished")
    void raceOfDispatch(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/race", this::raceOfDispatch);
        try (EmbeddedContainer container = kind.start(app.app().idleTimeout(LIMIT_OF_THE_CONTAINER));
                Silence silence = Silence.begin()) {
            int whole = round(container) + round(container);
            assertThat(whole).as("answers that were whole").isPositive();
        }
    }

    @ParameterizedTest(name = "P50 {0}")
    @ContainerSource
    @DisplayName("P50 a second complete does not end the answer that the first is sending to a slow client")
    void twice(ContainerKind kind) throws IOException, InterruptedException {
        long length = 24L << 20;
        FilteredApp app = FilteredApp.create().servlet("/twice", (request, response) -> {
            AsyncContext async = request.startAsync();
            async.setTimeout(30_000);
            try (var in = Bytes.stream(0, length)) {
                in.transferTo(async.getResponse().getOutputStream());
            }
            timer.schedule(() -> complete(async), 100, TimeUnit.MILLISECONDS);
            timer.schedule(() -> complete(async), 400, TimeUnit.MILLISECONDS);
        });
        try (EmbeddedContainer container = kind.start(app.app().idleTimeout(LIMIT_OF_THE_CONTAINER));
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            var begun = client.open(RawRequest.get("/twice"));
            Thread.sleep(1_000);
            RawResponse got = begun.digestRest().assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, length));
        }
    }

    /** Another thread completes within some milliseconds; meanwhile the application ends or fails. */
    private void raceOfErrors(HttpServletRequest request, HttpServletResponse response) throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(20_000);
        async.addListener(new CompletingListener());
        response.setContentLength(LENGTH);
        try (var in = Bytes.stream(0, LENGTH)) {
            in.transferTo(response.getOutputStream());
        }
        timer.schedule(() -> complete(async), ThreadLocalRandom.current().nextInt(3_000), TimeUnit.MICROSECONDS);
        if (request.getQueryString().equals("fail")) {
            throw new IllegalStateException("on purpose");
        }
    }

    @ParameterizedTest(name = "P50 {0}")
    @ContainerSource
    @DisplayName("P50 with an error or an abort on the other side there is one end too, and nothing behind it")
    void errorsAndAborts(ContainerKind kind) throws Exception {
        SpoolFiles.requireCountable();
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(64 << 10)
                .build();
        FilteredApp app = FilteredApp.with(config).servlet("/race", this::raceOfErrors);
        try (EmbeddedContainer container = kind.start(app.app().idleTimeout(LIMIT_OF_THE_CONTAINER));
                Silence silence = Silence.begin()) {
            List<Boolean> whole = InParallel.run(8, AT_ONCE, i -> errorOrAbort(container, i));
            // All that neither failed nor were left.
            assertThat(whole).filteredOn(Boolean::booleanValue).hasSizeGreaterThanOrEqualTo(AT_ONCE * 2 / 5);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(SpoolFiles.open(spools)).isZero());
        }
    }

    /** True if the answer has arrived whole, with nothing behind it. */
    private static boolean errorOrAbort(EmbeddedContainer container, int number) throws IOException {
        String target = number % 2 == 0 ? "/race?end" : "/race?fail";
        try (RawClient client = connect(container)) {
            client.send(RawRequest.get(target));
            if (number % 5 == 0) {
                client.reset();
                return false;
            }
            boolean whole = isWhole(client);
            if (whole) {
                client.assertNothingFollows(Duration.ofMillis(1));
            }
            return whole;
        }
    }

    private static RawClient connect(EmbeddedContainer container) throws IOException {
        return container.connect().timeout(PATIENCE);
    }

    private static int round(EmbeddedContainer container) throws IOException {
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(connect(container).send(RawRequest.get("/race")));
            }
            int whole = 0;
            for (RawClient client : clients) {
                whole += isWhole(client) ? 1 : 0;
            }
            return whole;
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    /** An answer that arrived whole must be the right one; one that breaks off, or an error, is honest too. */
    private static boolean isWhole(RawClient client) throws IOException {
        RawResponse got;
        try {
            got = client.read("GET");
        } catch (EOFException e) {
            return false;
        }
        assertThat(got.completion()).as("%s", got.head()).isNotEqualTo(Completion.TIMED_OUT);
        if (got.completion() != Completion.COMPLETE || got.status() >= 500) {
            return false;
        }
        assertThat(got.status()).isEqualTo(200);
        assertThat(got.sha256()).isEqualTo(Bytes.sha256(0, LENGTH));
        return true;
    }
}
