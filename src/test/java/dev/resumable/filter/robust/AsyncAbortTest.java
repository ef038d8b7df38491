// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.RecordedEvents;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Clients leave while a thread of the application writes. One container gives its objects to the next exchange before that
 * thread has noticed, forgets to say that the exchange is over, and would answer the next one with the thread's exception.
 */
@DisplayName("a client that leaves an async application at work")
final class AsyncAbortTest {

    private static final int EXCHANGES = 60;
    private static final int LARGE = 24 << 20;

    private final RecordedEvents events = new RecordedEvents();

    private EmbeddedContainer start(ContainerKind kind) {
        RangeConfig config = RangeConfig.builder().events(Optional.of(events)).build();
        return kind.start(FilteredApp.with(config)
                .servlet("/declared", (request, response) -> {
                    response.setHeader("ETag", "\"own\"");
                    response.setContentLength(LARGE);
                    writeInAnotherThread(request);
                })
                .servlet("/no-store", (request, response) -> {
                    response.setHeader("Cache-Control", "no-store");
                    writeInAnotherThread(request);
                })
                .servlet("/next", AsyncAbortTest::next)
                .app());
    }

    /** As many applications do: what fails is thrown where nobody catches it, or the end comes though it has failed. */
    private static void writeInAnotherThread(HttpServletRequest request) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            try (var in = Bytes.stream(0, LARGE)) {
                in.transferTo(async.getResponse().getOutputStream());
            } catch (IOException e) {
                if ("throws".equals(request.getQueryString())) {
                    throw new UncheckedIOException(e);
                }
                if ("checked".equals(request.getQueryString())) {
                    throw AsyncAbortTest.<RuntimeException>asItCame(e);
                }
            }
            async.complete();
        });
    }

    /** As code in other languages does. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItCame(Throwable failure) throws E {
        throw (E) failure;
    }

    private static void next(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            try {
                async.getResponse().getOutputStream().write(Bytes.pattern(1000));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            async.complete();
        });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is noticed each time, and changes nothing for the next one")
    void aborts(ContainerKind kind) throws IOException {
        List<String> targets =
                List.of("/declared", "/no-store", "/declared?throws", "/no-store?throws", "/declared?checked");
        try (EmbeddedContainer container = start(kind)) {
            for (int i = 0; i < EXCHANGES; i++) {
                String target = targets.get(i % targets.size());
                leave(container, target);
                RawResponse next = container.get("/next").assertComplete();
                assertThat(next.status()).as(target).isEqualTo(200);
                assertThat(next.body()).as(target).isEqualTo(Bytes.pattern(1000));
            }
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(events.told().stream().filter(e -> e.matches("aborted|failed")))
                            .hasSize(EXCHANGES));
        }
    }

    private static void leave(EmbeddedContainer container, String target) throws IOException {
        try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 64 << 10)) {
            client.open(RawRequest.get(target)).readBody(200_000);
            client.reset();
        }
    }
}
