// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The SHA-256 of files, computed once per state.
 *
 * <p>Implementation note: a bounded map in order of use, from state to a future. Whoever finds no future puts one and does
 * the work (single flight), on its own thread for {@link #await} and on the one background thread for {@link #begin}. A state
 * that is not lasting, or that changed while it was read, leaves the map at once, so that its digest is never believed
 * later. Behind the map may be an index, which remembers over a restart.
 */
final class ContentDigests implements AutoCloseable {

    private static final int MAX_STATES = DigestIndexFile.MAX_ENTRIES;
    private static final int MAX_WAITING = 1_000;

    /** How long the index waits for more to be saved: what is lost if the process is killed. */
    private static final Duration SAVE_DELAY = Duration.ofSeconds(3);

    /** More gains nothing, less costs; mapping would be faster by a quarter, and crash on a file that is truncated (measured). */
    private static final int BLOCK = 64 << 10;

    private final Map<FileState, CompletableFuture<byte[]>> flights = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileState, CompletableFuture<byte[]>> eldest) {
            return size() > MAX_STATES;
        }
    };
    /** Those that the background thread has not come to. */
    private final Map<FileState, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();

    private final Optional<DigestIndex> index;
    private final BackgroundThread background = new BackgroundThread("resumable-digests");
    private final AtomicBoolean savePending = new AtomicBoolean();
    private volatile long saveDue;

    ContentDigests(Optional<DigestIndex> index) {
        this.index = index;
    }

    /** The digest if it is known without further work. */
    Optional<byte[]> known(Path path, FileState state) {
        CompletableFuture<byte[]> flight;
        synchronized (flights) {
            flight = flights.get(state);
        }
        if (flight != null) {
            return flight.isDone() && !flight.isCompletedExceptionally()
                    ? Optional.of(flight.join())
                    : Optional.empty();
        }
        Optional<byte[]> indexed =
                state.isLasting(Instant.now()) ? index.flatMap(present -> present.find(path, state)) : Optional.empty();
        indexed.ifPresent(digest -> claim(state, CompletableFuture.completedFuture(digest)));
        return indexed;
    }

    /**
     * The digest, computed on the calling thread unless another is at it.
     *
     * @throws StaleFileException if the file is no longer in this state
     * @throws IOException if the file cannot be read
     */
    byte[] await(Path path, FileState state) throws IOException {
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> flight = claim(state, mine);
        if (flight == mine) {
            compute(path, state, mine, () -> false);
        }
        try {
            return flight.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StaleFileException || e.getCause() instanceof NoSuchFileException) {
                throw new StaleFileException(path);
            }
            if (e.getCause() instanceof IOException unreadable) {
                throw unreadable;
            }
            throw new IOException(e.getCause());
        }
    }

    /** Begins the digest in the background, unless it is known or somebody is at it. */
    void begin(Path path, FileState state) {
        if (!state.isLasting(Instant.now())) {
            // Its digest could not be believed later, and would be begun again by every request.
            return;
        }
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        if (claim(state, mine) == mine) {
            waiting.put(state, mine);
            boolean taken = waiting.size() <= MAX_WAITING && background.offer(() -> computeIfWaiting(path, state));
            if (!taken) {
                giveUpWaiting(state);
            }
        }
    }

    private void computeIfWaiting(Path path, FileState state) {
        CompletableFuture<byte[]> flight = waiting.remove(state);
        if (flight != null) {
            compute(path, state, flight, background::isClosed);
            // Those that wait behind this one would come before what was put off.
            if (System.nanoTime() - saveDue >= 0) {
                saveIfPending();
            }
        }
    }

    private void giveUpWaiting(FileState state) {
        CompletableFuture<byte[]> flight = waiting.remove(state);
        if (flight != null) {
            giveUp(state, flight, new IOException("closed, or too many files wait to be digested"));
        }
    }

    /** Digests files that nobody has asked for, one now and then, in the background. */
    void warmUp(WarmUpFiles files) {
        background.offerLater(WarmUpFiles.DELAY, () -> warmUpNext(files));
    }

    private void warmUpNext(WarmUpFiles files) {
        Instant start = Instant.now();
        Optional<Path> next = files.next();
        if (next.isPresent()) {
            warmUp(next.get());
            // As long a rest as there was work: at most half of a core, and half of what the disk gives.
            background.offerLater(Duration.between(start, Instant.now()), () -> warmUpNext(files));
        }
    }

    private void warmUp(Path path) {
        try {
            FileState state = FileState.of(path);
            CompletableFuture<byte[]> mine = new CompletableFuture<>();
            if (state.isLasting(Instant.now()) && known(path, state).isEmpty() && claim(state, mine) == mine) {
                compute(path, state, mine, background::isClosed);
            }
        } catch (IOException e) {
            // Gone since it was found, or not to be read: the request that asks for it will be told.
        }
    }

    private CompletableFuture<byte[]> claim(FileState state, CompletableFuture<byte[]> mine) {
        synchronized (flights) {
            CompletableFuture<byte[]> other = flights.putIfAbsent(state, mine);
            return other == null ? mine : other;
        }
    }

    private void giveUp(FileState state, CompletableFuture<byte[]> flight, Throwable reason) {
        synchronized (flights) {
            flights.remove(state, flight);
        }
        flight.completeExceptionally(reason);
    }

    private void compute(Path path, FileState state, CompletableFuture<byte[]> result, BooleanSupplier unwanted) {
        // Before the first byte is read: a state that lasts from here on had its last write before.
        boolean lasting = state.isLasting(Instant.now());
        try {
            byte[] digest = read(path, state, unwanted);
            if (!FileState.of(path).equals(state)) {
                throw new StaleFileException(path);
            }
            if (lasting) {
                index.ifPresent(present -> remember(present, path, state, digest));
            } else {
                synchronized (flights) {
                    flights.remove(state, result);
                }
            }
            result.complete(digest);
        } catch (IOException | RuntimeException e) {
            giveUp(state, result, e);
        } finally {
            // After an Error others must not wait for ever.
            if (!result.isDone()) {
                giveUp(state, result, new IOException("the file could not be digested"));
            }
        }
    }

    private void remember(DigestIndex present, Path path, FileState state, byte[] digest) {
        present.put(path, state, digest);
        if (savePending.compareAndSet(false, true)) {
            saveDue = System.nanoTime() + SAVE_DELAY.toNanos();
            background.offerLater(SAVE_DELAY, this::saveIfPending);
        }
    }

    private void saveIfPending() {
        if (savePending.compareAndSet(true, false)) {
            index.ifPresent(DigestIndex::save);
        }
    }

    private static byte[] read(Path path, FileState state, BooleanSupplier unwanted) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] block = new byte[(int) Math.min(BLOCK, state.size() + 1)];
        try (InputStream in = Files.newInputStream(path)) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
                // Asked, since an interrupt does not end the reading of such a stream.
                if (unwanted.getAsBoolean()) {
                    throw new IOException("closed while the file was read");
                }
            }
        }
        return digest.digest();
    }

    /** Ends the work in the background within a moment, whatever it is at, and saves the index. */
    @Override
    public void close() {
        background.close();
        // Tasks that will never run must not keep anybody waiting.
        waiting.keySet().forEach(this::giveUpWaiting);
        index.ifPresent(DigestIndex::save);
    }
}
