// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.robust.FailingApplication.Failure;
import dev.resumable.filter.robust.FailingApplication.Way;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An application that fails at any byte: a clean 500 or a body that is visibly broken, never one that looks complete. */
@DisplayName("an application that throws")
final class ThrowingApplicationTest {

    private static final int SPOOL_HEAP = 32 << 10;
    private static final int OFFSETS = 50;

    /** The offsets at which something changes hands. */
    private static final int[] EDGES = {
        0, 1, 2, 4_095, 8_191, 8_192, 8_193, 32_767, 32_768, 32_769, 65_536, 131_072, FailingApplication.LENGTH - 1
    };

    /** One container waits for a timeout each time, of the exchange or of the connection. */
    private static final Set<Way> SLOW =
            EnumSet.of(Way.STARTED, Way.STARTED_WITH_LISTENER, Way.THREAD_LENGTH_DECLARED, Way.TIMED_OUT);

    /** To a HEAD a body that is short of its length says nothing; with a tag of its own it is answered before its end. */
    private static final EnumSet<Way> KNOWN_BEFORE =
            EnumSet.of(Way.TAGGED_LENGTH_DECLARED, Way.THREAD_LENGTH_DECLARED, Way.TIMED_OUT);

    @TempDir
    private Path spools;

    static Stream<Arguments> everyWay() {
        return everyWayBut(EnumSet.noneOf(Way.class));
    }

    static Stream<Arguments> everyWayOfHeads() {
        return everyWayBut(KNOWN_BEFORE);
    }

    private static Stream<Arguments> everyWayBut(EnumSet<Way> without) {
        return ContainerKind.running().stream()
                .flatMap(kind -> EnumSet.complementOf(without).stream().map(way -> Arguments.of(kind, way)));
    }

    private static int[] offsets(Way way) {
        if (SLOW.contains(way)) {
            return new int[] {0, 10_000, 100_000, FailingApplication.LENGTH - 1};
        }
        IntStream random = new Random(way.ordinal()).ints(OFFSETS - EDGES.length, 0, FailingApplication.LENGTH);
        return IntStream.concat(Arrays.stream(EDGES), random).toArray();
    }

    private EmbeddedContainer start(ContainerKind kind, long spoolFileSize) {
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(SPOOL_HEAP)
                .spoolFileSize(spoolFileSize)
                .build();
        return kind.start(FilteredApp.with(config)
                .servlet("/fail", FailingApplication::service)
                .servlet(
                        "/right",
                        (request, response) -> response.getOutputStream().write(Bytes.pattern(50_000)))
                .app()
                // It does not close the connection behind a body that is short of its Content-Length, but waits for the
                // next request: only then the client sees that nothing more comes.
                .tomcat(tomcat -> tomcat.getConnector().setProperty("keepAliveTimeout", "100")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("while its body is spooled or cut")
    void spooled(ContainerKind kind, Way way) throws IOException {
        failEverywhere(kind, way, 1 << 20);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("past the limit of a spool, when a part of the body is with the client already")
    void pastTheLimit(ContainerKind kind, Way way) throws IOException {
        failEverywhere(kind, way, 60_000);
    }

    /** What a GET would get 500 for, a HEAD must not call complete (RFC 9110 §9.3.2). */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWayOfHeads")
    @DisplayName("when only the head is asked for")
    void head(ContainerKind kind, Way way) throws IOException {
        SoftAssertions all = new SoftAssertions();
        try (EmbeddedContainer container = start(kind, 1 << 20);
                Silence silence = Silence.begin()) {
            int at = 0;
            for (Failure failure : Failure.values()) {
                RawRequest request = RawRequest.of("HEAD", "/fail" + FailingApplication.query(way, failure, at));
                Outcome outcome = Outcome.of(container.port(), request);
                all.check(() -> outcome.assertFailed(request.toString()));
                at = 100 * at + 1;
            }
            all.assertAll();
            Spools.assertNoneLeft(spools);
        }
    }

    private void failEverywhere(ContainerKind kind, Way way, long spoolFileSize) throws IOException {
        SoftAssertions all = new SoftAssertions();
        try (EmbeddedContainer container = start(kind, spoolFileSize);
                Silence silence = Silence.begin()) {
            int[] offsets = offsets(way);
            for (int i = 0; i < offsets.length; i++) {
                Failure failure = Failure.values()[i % Failure.values().length];
                RawRequest request = RawRequest.get("/fail" + FailingApplication.query(way, failure, offsets[i]));
                // A range that was sent before the failure is right in itself where the application vouches for the
                // tag.
                boolean range = i % 2 == 1 && way != Way.TAGGED_LENGTH_DECLARED && way != Way.TIMED_OUT;
                Outcome outcome = Outcome.of(container.port(), range ? request.with("Range: bytes=0-99") : request);
                all.check(() -> outcome.assertFailed(request.toString()));
            }
            all.assertAll();
            RawResponse right = container.get("/right", "Range: bytes=49990-").assertComplete();
            assertThat(right.status()).isEqualTo(206);
            assertThat(right.body()).isEqualTo(Bytes.slice(49_990, 10));
            Spools.assertNoneLeft(spools);
        }
    }
}
