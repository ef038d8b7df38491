// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.store.FailingDisk.Force;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStates.OwnerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("states on a disk that fails when it is forced")
class FailingDiskTest {

    private static final Instant EXPIRY = Instant.parse("2026-02-03T04:05:06Z");
    private static final OwnerLimits LIMITS = new OwnerLimits(10, Long.MAX_VALUE);

    @TempDir
    private Path directory;

    private FileLayout layout;
    private final FailingDisk disk = new FailingDisk();
    private FileBodies bodies;
    private FileStates states;
    /** Where it fails when the bytes of an append are safe, and its state is to be. */
    private Force atChange = Force.NEVER;

    @BeforeEach
    void open() throws IOException {
        layout = new FileLayout(directory);
        bodies = new FileBodies(layout, disk);
        states = reopened();
    }

    private FileStates reopened() throws IOException {
        return FileStates.load(layout, disk);
    }

    private UploadState create(Optional<PartLayout> parts) throws IOException {
        UploadId id = UploadId.random();
        UploadPlan plan = new UploadPlan(
                "o", "p", "f", Optional.empty(), Optional.empty(), parts, Completion.ASKED, Map.of(), EXPIRY);
        UploadState state = UploadState.created(id, plan, OptionalLong.of(30), EXPIRY, bodies.create(id));
        states.create(state, LIMITS);
        return state;
    }

    private UploadState withParts() throws IOException {
        return create(Optional.of(new PartLayout(30, 10)));
    }

    private static Part part(int number, String reference) {
        return new Part(number, 10, "0" + number, reference);
    }

    private UploadState append(UploadState state, int count) throws IOException {
        try (BodyWriter writer = bodies.append(state)) {
            writer.write(new byte[count], 0, count);
            UploadState next = state.advanced(state.length(), state.offset() + count, writer.commit(), EXPIRY);
            disk.failing = atChange;
            assertThat(states.replace(next)).isEqualTo(Change.DONE);
            return next;
        } finally {
            disk.failing = Force.NEVER;
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("a part whose line may be there or not is not there, also after the store is opened again")
    void aLineThatFailed(Force failing) throws IOException {
        UploadState before = withParts();
        if (failing == Force.FILE) {
            // The directory is forced for the first line alone.
            UploadState one = before.withPart(part(1, ""), EXPIRY);
            states.replace(one, part(1, ""));
            before = one;
        }
        UploadState failed = before.withPart(part(2, "first"), EXPIRY);
        disk.failing = failing;
        assertThatThrownBy(() -> states.replace(failed, part(2, "first"))).hasMessage("on purpose");
        disk.failing = Force.NEVER;

        assertThat(states.find(before.id())).contains(before);
        assertThat(reopened().find(before.id())).contains(before);
        UploadState again = before.withPart(part(2, "second"), EXPIRY);
        assertThat(states.replace(again, part(2, "second"))).isEqualTo(Change.DONE);
        assertThat(states.find(before.id())).contains(again);
        assertThat(reopened().find(before.id())).contains(again);
    }

    @Test
    @DisplayName("a state that was renamed to its place counts, and nobody goes on from the one before it")
    void aRenameThatFailed() throws IOException {
        UploadState created = create(Optional.empty());
        UploadState five = append(created, 5);
        atChange = Force.DIRECTORY;
        assertThatThrownBy(() -> append(five, 7)).hasMessage("on purpose");
        atChange = Force.NEVER;

        UploadState onDisk = reopened().find(created.id()).orElseThrow();
        assertThat(onDisk.offset()).isEqualTo(12);
        assertThat(states.replace(five.claimed()))
                .as("a change of the state before")
                .isEqualTo(Change.STALE);
        assertThat(states.find(created.id())).contains(onDisk);
        UploadState last = append(onDisk, 1);
        assertThat(reopened().find(created.id())).contains(last);
        assertThat(Files.size(layout.body(created.id()))).isEqualTo(13);
    }

    @Test
    @DisplayName("an upload is not touched as long as nobody knows what the disk has of it")
    void anUnknownState() throws IOException {
        UploadState five = append(create(Optional.empty()), 5);
        disk.failing = Force.DIRECTORY;
        assertThatThrownBy(() -> states.replace(five.claimed())).hasMessage("on purpose");

        assertThatThrownBy(() -> states.find(five.id())).hasMessage("on purpose");
        assertThatThrownBy(() -> states.replace(five.claimed())).hasMessage("on purpose");
        assertThat(states.unfinished("o")).isEmpty();

        disk.failing = Force.NEVER;
        assertThat(states.find(five.id())).contains(five.claimed());
        assertThat(states.unfinished("o")).containsExactly(five.claimed());
    }

    @Test
    @DisplayName("a removal that has reached the disk is one, and the bytes go too")
    void aRemovalThatFailed() throws IOException {
        UploadState five = append(create(Optional.empty()), 5);
        disk.failing = Force.DIRECTORY;
        assertThatThrownBy(() -> states.delete(five)).hasMessage("on purpose");
        disk.failing = Force.NEVER;

        assertThat(states.find(five.id())).isEmpty();
        assertThat(layout.upload(five.id())).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(names = "NEVER", mode = EnumSource.Mode.EXCLUDE)
    @DisplayName("an upload whose creation failed is not there, also after the store is opened again")
    void aCreationThatFailed(Force failing) throws IOException {
        UploadState before = create(Optional.empty());
        UploadId id = UploadId.random();
        UploadState state = UploadState.created(id, before.plan(), OptionalLong.of(30), EXPIRY, bodies.create(id));
        disk.failing = failing;
        assertThatThrownBy(() -> states.create(state, LIMITS)).hasMessage("on purpose");
        disk.failing = Force.NEVER;

        assertThat(layout.state(id)).doesNotExist();
        assertThat(states.unfinished("o")).containsExactly(before);
        assertThat(reopened().unfinished("o")).containsExactly(before);
    }

    @Test
    @DisplayName("a body that is shorter than its offset is not written on, which would fill the gap with zeros")
    void aShortBody() throws IOException {
        UploadState five = append(create(Optional.empty()), 5);
        Files.write(layout.body(five.id()), new byte[4]);

        assertThatThrownBy(() -> bodies.append(five)).isInstanceOf(IOException.class);
        assertThat(Files.size(layout.body(five.id()))).isEqualTo(4);
    }
}
