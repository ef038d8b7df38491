// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStates.OwnerLimits;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("the log of parts")
class PartLogTest {

    private static final int PARTS = 10_000;
    private static final Instant EXPIRY = Instant.parse("2026-02-03T04:05:06.789Z");

    @TempDir
    private Path directory;

    private UploadStore open() throws IOException {
        return UploadStore.inDirectory(directory, FsyncPolicy.NONE);
    }

    private static UploadState create(UploadStore store) throws IOException {
        UploadId id = UploadId.random();
        UploadPlan plan = new UploadPlan(
                "o",
                "parts",
                "f",
                Optional.empty(),
                Optional.empty(),
                Optional.of(new PartLayout(10L * PARTS, 10)),
                Completion.ASKED,
                Map.of(),
                Instant.now());
        UploadState state = UploadState.created(
                id, plan, OptionalLong.of(10L * PARTS), EXPIRY, store.bodies().create(id));
        store.states().create(state, new OwnerLimits(10, Long.MAX_VALUE));
        return state;
    }

    private static UploadState add(UploadStore store, UploadState state, int number) throws IOException {
        String hash = HexFormat.of().toHexDigits((long) number).repeat(4);
        Part part = new Part(number, 10, hash, number % 3 == 0 ? "part-x:\n\u20AC\"" + number : "");
        UploadState next = state.withPart(part, EXPIRY.plusSeconds(number));
        assertThat(store.states().replace(next, part)).isEqualTo(Change.DONE);
        return next;
    }

    private Path file(UploadState state, String name) throws IOException {
        return new FileLayout(directory.toRealPath()).upload(state.id()).resolve(name);
    }

    private UploadState reopened(UploadState state) throws IOException {
        try (UploadStore store = open()) {
            return store.states().find(state.id()).orElseThrow();
        }
    }

    /** The states after each of some parts, the first without any. */
    private List<UploadState> history(int... numbers) throws IOException {
        List<UploadState> states = new ArrayList<>();
        try (UploadStore store = open()) {
            UploadState state = create(store);
            states.add(state);
            for (int number : numbers) {
                state = add(store, state, number);
                states.add(state);
            }
        }
        return states;
    }

    private static int lines(byte[] log) {
        int lines = 0;
        for (byte b : log) {
            lines += b == '\n' ? 1 : 0;
        }
        return lines;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("keeps every part, with its order, expiry and reference")
    void keeps(FsyncPolicy fsync) throws IOException {
        UploadState last;
        try (UploadStore store = UploadStore.inDirectory(directory, fsync)) {
            UploadState state = create(store);
            for (int number : new int[] {3, 1, 2, 2, 9, 3}) {
                state = add(store, state, number);
            }
            last = state;
            assertThat(store.states().replace(state, state.parts().get(1))).isEqualTo(Change.STALE);
        }
        assertThat(reopened(last)).isEqualTo(last);
        assertThat(last.offset()).isEqualTo(30);
    }

    @Test
    @DisplayName("torn at any byte has the parts before it, and goes on")
    void torn() throws IOException {
        List<UploadState> states = history(2, 1, 3, 7);
        Path file = file(states.get(0), "parts.log");
        byte[] whole = Files.readAllBytes(file);
        assertThat(lines(whole)).isEqualTo(4);
        for (int length = 0; length <= whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            Files.write(file, torn);
            UploadState expected = states.get(lines(torn));
            UploadState next;
            try (UploadStore store = open()) {
                UploadState found = store.states().find(expected.id()).orElseThrow();
                assertThat(found).as("at %d", length).isEqualTo(expected);
                next = add(store, found, 5);
            }
            assertThat(reopened(next)).as("after %d", length).isEqualTo(next);
        }
    }

    @Test
    @DisplayName("with any byte damaged has parts that did come, and no others")
    void damaged() throws IOException {
        List<UploadState> states = history(2, 1, 3, 6);
        Path file = file(states.get(0), "parts.log");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(file, damaged);

            assertThat(reopened(states.get(0))).as("at %d", at).isEqualTo(states.get(lines(Arrays.copyOf(whole, at))));
        }
    }

    @Test
    @DisplayName("that a crash has left behind a state that was written as a whole does not count, and is begun anew")
    void leftBehind() throws IOException {
        List<UploadState> states = history(1, 2, 3);
        UploadState last = states.get(3);
        Path file = file(last, "parts.log");
        byte[] old = Files.readAllBytes(file);
        UploadState claimed = last.claimed();
        try (UploadStore store = open()) {
            assertThat(store.states().replace(claimed)).isEqualTo(Change.DONE);
        }
        assertThat(file).doesNotExist();
        Files.write(file, old);

        UploadState next;
        try (UploadStore store = open()) {
            UploadState found = store.states().find(last.id()).orElseThrow();
            assertThat(found).isEqualTo(claimed);
            next = add(store, found, 4);
        }
        assertThat(reopened(next)).isEqualTo(next);
    }

    @Test
    @DisplayName("goes with its upload")
    void goes() throws IOException {
        UploadState last = history(1).get(1);
        try (UploadStore store = open()) {
            assertThat(store.states().delete(last)).isEqualTo(Change.DONE);
            store.bodies().delete(last.id());
        }
        assertThat(file(last, "")).doesNotExist();
    }

    @Test
    @DisplayName("makes ten thousand parts cost a few times what they have to say")
    void writes() throws IOException {
        long written = 0;
        UploadState state;
        try (UploadStore store = open()) {
            state = create(store);
            Path whole = file(state, "state.json");
            Path log = file(state, "parts.log");
            Object before = key(whole);
            long logBefore = 0;
            for (int number = 1; number <= PARTS; number++) {
                state = add(store, state, number);
                Object now = key(whole);
                long logNow = Files.exists(log) ? Files.size(log) : 0;
                written += now.equals(before) ? logNow - logBefore : Files.size(whole);
                before = now;
                logBefore = logNow;
            }
            assertThat(written).isLessThan(10 * StateDocument.write(state).length);
        }
        assertThat(reopened(state)).isEqualTo(state);
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }
}
