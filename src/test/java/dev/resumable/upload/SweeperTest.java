// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the sweeper")
class SweeperTest {

    private static final byte[] WHOLE = bytes(1, 100);

    @TempDir
    private Path directory;

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<UploadId> broken = ConcurrentHashMap.newKeySet();
    private final AtomicInteger asked = new AtomicInteger();
    private Optional<UploadListener.Refusal> refusal = Optional.empty();
    private EngineFixture uploads;

    @BeforeEach
    void open() throws IOException {
        open(Duration.ofHours(1));
    }

    private void open(Duration expiry) throws IOException {
        UploadConfig config = UploadConfig.builder(directory).expiry(expiry).build();
        uploads = EngineFixture.troubled(config, this::trouble, new UploadListener() {
            @Override
            public Optional<Refusal> beforeCompletion(UploadState state, String sha256) {
                asked.incrementAndGet();
                return refusal;
            }
        });
    }

    private void reopen(Duration expiry) throws IOException {
        uploads.close();
        open(expiry);
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    private void trouble(String method, Object[] arguments) throws IOException {
        boolean isOfBroken = arguments.length > 0
                && (broken.contains(arguments[0])
                        || (arguments[0] instanceof UploadState state && broken.contains(state.id())));
        if (failing.contains(method) && (broken.isEmpty() || isOfBroken)) {
            throw new IOException("on purpose");
        }
    }

    /** An upload whose last byte has come, when completing it failed. */
    private UploadId whole(byte[] content) throws IOException {
        failing.add("add");
        UploadId id = uploads.create(OptionalLong.of(content.length));
        assertThat(uploads.append(id, 0, content)).isInstanceOf(UploadOutcome.Failed.class);
        return id;
    }

    @Test
    @DisplayName("completes a whole upload as soon as what has kept it from that is over")
    void completes() throws IOException {
        UploadId id = whole(WHOLE);

        uploads.engine.sweep();
        assertThat(uploads.engine.files(OWNER)).isEmpty();
        failing.clear();
        uploads.engine.sweep();

        assertThat(uploads.engine.files(OWNER)).extracting(StoredFile::sha256).containsExactly(hex(WHOLE));
        assertThat(uploads.look(id).file())
                .contains(uploads.engine.files(OWNER).get(0).id());
    }

    @Test
    @DisplayName("completes one that is older than its expiry, rather than remove it")
    void completesExpired() throws IOException {
        // Not before its bytes have come, on a busy machine either.
        reopen(Duration.ofSeconds(2));
        refusal = Optional.of(new UploadListener.Refusal(503, "later"));
        UploadId id = uploads.create(OptionalLong.of(WHOLE.length));
        assertThat(problem(uploads.append(id, 0, WHOLE))).isEqualTo(UploadProblem.REFUSED);
        await().until(() ->
                uploads.store.states().find(id).orElseThrow().expires().isBefore(Instant.now()));

        uploads.engine.sweep();
        assertThat(uploads.store.states().find(id)).isPresent();
        refusal = Optional.empty();
        uploads.engine.sweep();

        assertThat(uploads.engine.files(OWNER)).extracting(StoredFile::sha256).containsExactly(hex(WHOLE));
    }

    @Test
    @DisplayName("asks about a refused upload once, and removes it when it expires")
    void refused() throws IOException {
        reopen(Duration.ofMillis(200));
        refusal = Optional.of(new UploadListener.Refusal(403, "no"));
        UploadId id = uploads.create(OptionalLong.of(WHOLE.length));
        uploads.append(id, 0, WHOLE);
        uploads.engine.sweep();
        int before = asked.get();
        uploads.engine.sweep();
        if (uploads.store.states().find(id).isPresent()) {
            assertThat(asked).hasValue(before);
        }

        await().untilAsserted(() -> {
            uploads.engine.sweep();
            assertThat(uploads.store.states().find(id)).isEmpty();
        });
    }

    @Test
    @DisplayName("is not stopped by one upload that cannot be completed")
    void oneCannotBeCompleted() throws IOException {
        List<UploadId> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(whole(bytes(i, 50)));
        }
        failing.clear();
        failing.add("finish");
        failing.add("replace");
        broken.add(all.get(2));

        uploads.engine.sweep();

        assertThat(uploads.engine.files(OWNER)).hasSize(4);
    }

    @Test
    @DisplayName("removes all that has expired at once, but those that fail")
    void removesAll() throws IOException {
        reopen(Duration.ofMillis(1));
        for (int i = 0; i < 250; i++) {
            UploadId id = EngineFixture.created(uploads.engine.create(
                    EngineFixture.plan("owner" + i, Completion.ASKED, Optional.empty()), OptionalLong.of(10)));
            if (i < 120) {
                broken.add(id);
            }
        }
        failing.add("delete");
        Instant now = Instant.now();
        await().until(() -> Instant.now().isAfter(now.plusMillis(2)));

        uploads.engine.sweep();

        assertThat(uploads.store.states().expired(Instant.now(), 1000))
                .extracting(UploadState::id)
                .containsExactlyInAnyOrderElementsOf(broken);
    }

    @Test
    @DisplayName("removes the bytes of deleted files, but those that fail")
    void blobs() throws IOException {
        StoredFile one = stored(1);
        StoredFile two = stored(2);
        failing.add("deleteBlob");
        for (StoredFile file : List.of(one, two)) {
            uploads.store.catalogue().remove(file);
        }
        broken.add(one.blob());

        uploads.engine.sweep();

        assertThat(uploads.store.catalogue().unreferenced()).containsExactly(one.blob());
    }

    private StoredFile stored(int seed) throws IOException {
        return ((Completed) uploads.append(uploads.create(OptionalLong.of(10)), 0, bytes(seed, 10))).file();
    }
}
