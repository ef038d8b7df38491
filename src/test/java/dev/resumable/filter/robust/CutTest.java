// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.Silence;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * A network that fails at every byte: the server goes on, and no client takes a part for the whole.
 *
 * <p>The positions are shared out among the kinds of answers and faults; each has all faults under {@code resumable.heavy}.
 */
@DisplayName("a connection that breaks")
final class CutTest {

    private static final int SHORT = 1_200;
    private static final int LONG = 300_000;
    private static final int POSITIONS = 1_025;
    private static final int RANDOM_POSITIONS = 200;
    private static final boolean ALL_FAULTS = System.getProperty("resumable.heavy") != null;

    @TempDir
    private Path root;

    @TempDir
    private Path spools;

    /** What an orderly client would not do to the answer. */
    private enum Break {
        CUT,
        RESET,
        HALF_CLOSE;

        Fault after(long bytes) {
            return switch (this) {
                case CUT -> Fault.cutAfter(bytes);
                case RESET -> Fault.resetAfter(bytes);
                case HALF_CLOSE -> Fault.halfCloseAfter(bytes);
            };
        }
    }

    private EmbeddedContainer start(ContainerKind kind) throws IOException {
        RangeConfig config = RangeConfig.builder()
                .spoolDirectory(Optional.of(spools))
                .spoolHeap(32 << 10)
                .build();
        FilteredApp app = FilteredApp.with(config);
        for (int length : new int[] {SHORT, LONG}) {
            Bytes.write(root.resolve("file-" + length), length);
            app.servlet("/generated-" + length, (request, response) -> write(response, length));
            app.servlet("/passed-" + length, (HttpServletRequest request, HttpServletResponse response) -> {
                response.setHeader("Cache-Control", "no-store");
                write(response, length);
            });
        }
        return kind.start(app.app().documentRoot(root));
    }

    private static void write(HttpServletResponse response, int length) throws IOException {
        try (var in = Bytes.stream(0, length)) {
            in.transferTo(response.getOutputStream());
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("at any byte of an answer leaves a visible gap, and the next answer whole")
    void atEveryByte(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin();
                FaultyLink link = FaultyLink.to(container.port())) {
            for (int position = 0; position < POSITIONS; position++) {
                breakAt(container, link, position, SHORT, position);
            }
            long seed = System.nanoTime();
            Random random = new Random(seed);
            for (int i = 0; i < RANDOM_POSITIONS; i++) {
                breakAt(container, link, random.nextInt(LONG), LONG, i);
            }
            Spools.assertNoneLeft(spools);
        }
    }

    private static void breakAt(EmbeddedContainer container, FaultyLink link, int position, int length, int turn)
            throws IOException {
        int kinds = CutKind.values().length;
        CutKind kind = CutKind.values()[turn % kinds];
        List<Break> breaks = List.of(Break.values());
        int inTurn = turn / kinds % breaks.size();
        for (Break how : ALL_FAULTS ? breaks : breaks.subList(inTurn, inTurn + 1)) {
            link.nextConnection(LinkPlan.toClient(how.after(position)));
            Outcome outcome = Outcome.of(link.port(), kind.request(length));
            String what = kind + " of " + length + " broken by " + how + " after " + position;
            assertThat(outcome.silent()).as(what).isFalse();
            // Behind its last byte nothing can be lost; a multipart is short even of a long representation.
            outcome.complete().ifPresent(got -> {
                assertThat(got.rawHead().length + got.bodyLength()).as(what).isLessThanOrEqualTo(position);
                kind.assertRight(got, length);
            });
            kind.assertRight(RawClient.once(container.port(), kind.request(length)), length);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that only stalls or sends single bytes has all the bytes in the end")
    void slow(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            for (int position = 0; position < POSITIONS; position += 40) {
                CutKind answer = CutKind.values()[position / 40 % CutKind.values().length];
                try (FaultyLink link = FaultyLink.to(container.port());
                        RawClient client =
                                RawClient.connect(link.nextConnection(LinkPlan.toClient(Fault.stallAfter(position)))
                                        .nextConnection(LinkPlan.toClient(Fault.dripAfter(position)))
                                        .port())) {
                    client.timeout(Duration.ofMillis(20));
                    int stalledAfter = position;
                    Outcome.of(client, answer.request(SHORT))
                            .complete()
                            .ifPresent(got -> assertThat(got.rawHead().length + got.bodyLength())
                                    .isLessThanOrEqualTo(stalledAfter));
                    answer.assertRight(RawClient.once(link.port(), answer.request(SHORT)), SHORT);
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("at any byte of a request is no answer to it, and the next answer whole")
    void inTheRequest(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind);
                FaultyLink link = FaultyLink.to(container.port())) {
            for (CutKind answer : CutKind.values()) {
                RawRequest request = answer.request(SHORT);
                int bytes = request.toBytes("127.0.0.1:" + link.port()).length;
                for (int position = 0; position < bytes; position += 3) {
                    link.nextConnection(LinkPlan.toServer(Fault.cutAfter(position)));
                    Outcome outcome = Outcome.of(link.port(), request);
                    assertThat(outcome.complete().map(got -> got.status()).orElse(400))
                            .as("%s cut after %s bytes", request, position)
                            .isEqualTo(400);
                }
                answer.assertRight(RawClient.once(container.port(), request), SHORT);
            }
        }
    }
}
