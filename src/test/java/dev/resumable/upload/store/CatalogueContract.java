// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.store.Catalogue.Position;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every catalogue does. */
@Timeout(120)
public abstract class CatalogueContract {

    private static final String HASH = "0123456789abcdef".repeat(4);
    private static final String OTHER_HASH = "fedcba9876543210".repeat(4);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    private static final int THREADS = 8;

    private UploadStore store;

    /** Opens what a test has, the second time with what the first has left. */
    protected abstract UploadStore open() throws IOException;

    @BeforeEach
    final void openFirst() throws IOException {
        store = open();
    }

    @AfterEach
    final void closeLast() throws IOException {
        store.close();
    }

    private void reopen() throws IOException {
        store.close();
        store = open();
    }

    private Catalogue catalogue() {
        return store.catalogue();
    }

    private static StoredFile file(String owner, String sha256, long size) {
        return new StoredFile(
                FileId.random(),
                owner,
                "name",
                Optional.empty(),
                size,
                sha256,
                UploadId.random(),
                Instant.now().truncatedTo(ChronoUnit.MICROS));
    }

    @Test
    @DisplayName("finds what was added, also after it was opened again, and as it was")
    void keeps() throws IOException {
        StoredFile file = new StoredFile(
                FileId.random(),
                "Owner \u00FC'\"%\uD83D\uDE80 " + "x".repeat(5_000),
                "a/b\\c:'\";--\u20AC \uD83C\uDFB5" + "y".repeat(1_000),
                Optional.of("text/x-'\""),
                Long.MAX_VALUE,
                HASH,
                UploadId.random(),
                Instant.parse("2026-01-02T03:04:05.678901Z"));

        assertThat(catalogue().add(file)).isEqualTo(file);
        reopen();

        assertThat(catalogue().find(file.owner(), file.id())).contains(file);
        assertThat(catalogue().find(file.owner(), HASH, Long.MAX_VALUE)).contains(file);
        assertThat(catalogue().list(file.owner())).containsExactly(file);
        assertThat(catalogue().storedBytes(file.owner())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @DisplayName("tells each owner of nothing but the own files")
    void owners() throws IOException {
        StoredFile file = catalogue().add(file("alice", HASH, 5));

        for (String other : List.of("Alice", "alice ", "", "bob", "%", "alic_")) {
            assertThat(catalogue().find(other, file.id())).as(other).isEmpty();
            assertThat(catalogue().find(other, HASH, 5)).as(other).isEmpty();
            assertThat(catalogue().list(other)).as(other).isEmpty();
            assertThat(catalogue().storedBytes(other)).as(other).isZero();
        }
        assertThat(catalogue().find("alice", HASH, 6)).as("another size").isEmpty();
        assertThat(catalogue().find("alice", OTHER_HASH, 5)).as("another hash").isEmpty();
    }

    @Test
    @DisplayName("lists the newest first, and sums the sizes")
    void lists() throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            StoredFile file = file("alice", i % 2 == 0 ? HASH : OTHER_HASH, i);
            files.add(
                    0,
                    catalogue()
                            .add(new StoredFile(
                                    file.id(),
                                    file.owner(),
                                    "n" + i,
                                    file.mediaType(),
                                    file.size(),
                                    file.sha256(),
                                    file.blob(),
                                    file.created().plusMillis(i))));
        }

        assertThat(catalogue().list("alice")).isEqualTo(files);
        assertThat(catalogue().storedBytes("alice")).isEqualTo(10);
    }

    @Test
    @DisplayName("gives the files in pages: each file once, the newest first, those of one moment by their ids")
    void pages() throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            files.add(catalogue().add(created(NOW.plusMillis(i / 10))));
            catalogue().add(file("bob", HASH, 1));
        }
        files.sort(Comparator.comparing(Position::of, Position.ORDER));

        for (int limit : List.of(1, 3, 10, 23, 24, Integer.MAX_VALUE)) {
            List<StoredFile> all = new ArrayList<>();
            Optional<Position> after = Optional.empty();
            while (all.size() < files.size()) {
                List<StoredFile> page = catalogue().list("alice", after, limit);
                assertThat(page).as("%s after %s", limit, after).hasSize(Math.min(limit, files.size() - all.size()));
                all.addAll(page);
                after = Optional.of(Position.of(page.get(page.size() - 1)));
            }
            assertThat(all).as("pages of %s", limit).isEqualTo(files);
            assertThat(catalogue().list("alice", after, limit)).isEmpty();
        }
    }

    @Test
    @DisplayName("gives the page behind any moment, whether a file is of it or not")
    void cursors() throws IOException {
        StoredFile newer = catalogue().add(created(NOW.plusMillis(1)));
        StoredFile older = catalogue().add(created(NOW));

        Map.of(
                        Instant.MAX,
                        List.of(newer, older),
                        NOW.plusMillis(1).plusNanos(1),
                        List.of(newer, older),
                        NOW.plusMillis(1).minusNanos(1),
                        List.of(older),
                        NOW.plusNanos(999),
                        List.of(older),
                        NOW.minusNanos(1),
                        List.<StoredFile>of(),
                        Instant.MIN,
                        List.<StoredFile>of())
                .forEach((moment, files) -> assertThatCode(() -> {
                            Optional<Position> after = Optional.of(new Position(moment, FileId.random()));
                            assertThat(catalogue().list("alice", after, 5)).isEqualTo(files);
                        })
                        .as("behind %s", moment)
                        .doesNotThrowAnyException());
    }

    private static StoredFile created(Instant moment) {
        StoredFile file = file("alice", HASH, 1);
        return new StoredFile(
                file.id(), file.owner(), "name", Optional.empty(), file.size(), file.sha256(), file.blob(), moment);
    }

    @Test
    @DisplayName("keeps equal bytes once, also across owners, until the last file is removed")
    void shares() throws IOException {
        StoredFile first = catalogue().add(file("alice", HASH, 5));
        StoredFile second = catalogue().add(file("alice", HASH, 5));
        StoredFile third = catalogue().add(file("bob", HASH, 5));
        StoredFile other = catalogue().add(file("bob", HASH, 6));
        assertThat(List.of(second.blob(), third.blob())).containsOnly(first.blob());
        assertThat(other.blob()).isNotEqualTo(first.blob());

        assertThat(catalogue().remove(first)).isEmpty();
        assertThat(catalogue().remove(first)).as("once more").isEmpty();
        reopen();
        assertThat(catalogue().find("alice", first.id())).isEmpty();
        assertThat(catalogue().remove(second)).isEmpty();
        assertThat(catalogue().find("bob", third.id())).contains(third);
        assertThat(catalogue().remove(third)).contains(first.blob());
        assertThat(catalogue().remove(third)).as("once more").isEmpty();
        assertThat(catalogue().list("bob")).containsExactly(other);
    }

    @Test
    @DisplayName("remembers the blob of the last file until it is said to be gone")
    void remembersBlobs() throws IOException {
        StoredFile file = catalogue().add(file("alice", HASH, 5));
        catalogue().remove(file);
        reopen();
        assertThat(catalogue().unreferenced()).containsExactly(file.blob());

        StoredFile again = catalogue().add(file("alice", HASH, 5));
        assertThat(again.blob()).as("not on bytes that are about to go").isNotEqualTo(file.blob());
        catalogue().forget(file.blob());
        catalogue().forget(file.blob());
        reopen();
        assertThat(catalogue().unreferenced()).isEmpty();
        assertThat(catalogue().list("alice")).containsExactly(again);
    }

    @Test
    @DisplayName("adds no file on its own blob again that was given away, whoever has the same bytes by now")
    void neverRevives() throws IOException {
        StoredFile file = catalogue().add(file("alice", HASH, 5));
        catalogue().remove(file);
        reopen();
        assertThatThrownBy(() -> catalogue().add(file)).isInstanceOf(NoSuchFileException.class);
        StoredFile other = catalogue().add(file("bob", HASH, 5));
        assertThatThrownBy(() -> catalogue().add(file)).isInstanceOf(NoSuchFileException.class);
        reopen();

        assertThat(catalogue().list("alice")).isEmpty();
        assertThat(catalogue().unreferenced()).containsExactly(file.blob());
        assertThat(catalogue().remove(other)).as("referred to once").contains(other.blob());
    }

    @Test
    @DisplayName("adds a file of one id once")
    void addsOnce() throws IOException {
        StoredFile file = catalogue().add(file("alice", HASH, 5));

        assertThat(catalogue().add(file)).isEqualTo(file);
        assertThat(catalogue().list("alice")).containsExactly(file);
        assertThat(catalogue().remove(file)).contains(file.blob());
    }

    @Test
    @DisplayName("puts files that race on one blob, and gives that away once")
    void races() throws Exception {
        for (int round = 0; round < 5; round++) {
            long size = round;
            List<StoredFile> added = atOnce(i -> () -> catalogue().add(file("owner" + i % 3, HASH, size)));
            assertThat(added.stream().map(StoredFile::blob).distinct()).hasSize(1);

            List<Optional<UploadId>> removed = atOnce(i -> () -> catalogue().remove(added.get(i)));
            assertThat(removed.stream().flatMap(Optional::stream))
                    .containsExactly(added.get(0).blob());
        }
    }

    @Test
    @DisplayName("adds and removes one id once, whoever races")
    void racesOnOneId() throws Exception {
        for (int round = 0; round < 5; round++) {
            StoredFile file = file("alice", HASH, round);
            assertThat(atOnce(i -> () -> catalogue().add(file))).containsOnly(file);
            assertThat(catalogue().list("alice")).containsExactly(file);

            List<Optional<UploadId>> removed = atOnce(i -> () -> catalogue().remove(file));
            assertThat(removed.stream().flatMap(Optional::stream)).containsExactly(file.blob());
        }
    }

    @Test
    @DisplayName("never puts a file on a blob that it has given away")
    void racesOfBoth() throws Exception {
        Set<UploadId> away = ConcurrentHashMap.newKeySet();
        List<Integer> rounds = atOnce(thread -> () -> {
            Random random = new Random(thread);
            for (int round = 0; round < 25; round++) {
                StoredFile file = catalogue().add(file("owner" + thread, random.nextBoolean() ? HASH : OTHER_HASH, 7));
                assertThat(away).doesNotContain(file.blob());
                assertThat(catalogue().find(file.owner(), file.id())).contains(file);
                Optional<UploadId> blob = catalogue().remove(file);
                assertThat(blob.stream().allMatch(away::add))
                        .as("given away once")
                        .isTrue();
            }
            return thread;
        });

        assertThat(rounds).hasSize(THREADS);
        assertThat(catalogue().unreferenced()).containsExactlyInAnyOrderElementsOf(away);
    }

    private static <T> List<T> atOnce(IntFunction<Callable<T>> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(IntStream.range(0, THREADS)
                    .<Callable<T>>mapToObj(i -> () -> {
                        start.await();
                        return work.apply(i).call();
                    })
                    .toList())) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
