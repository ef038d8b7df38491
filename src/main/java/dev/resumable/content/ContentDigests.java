// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The SHA-256 of files, computed once per state.
 *
 * <p>Implementation note: a bounded map in order of use, from state to a future. Whoever finds no future puts one and does
 * the work (single flight), on its own thread for {@link #await} and on one background thread for {@link #ifKnown}. A state
 * that is not settled, or that changed while it was read, leaves the map at once, so that its digest is never believed
 * later.
 */
final class ContentDigests implements AutoCloseable {

    private static final int MAX_STATES = 10_000;
    private static final int MAX_WAITING = 1_000;
    private static final int BLOCK = 64 << 10;

    private final Map<FileState, CompletableFuture<byte[]>> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileState, CompletableFuture<byte[]>> eldest) {
            return size() > MAX_STATES;
        }
    };
    private final ExecutorService background = backgroundThread();

    private static ExecutorService backgroundThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, "resumable-digests");
                    thread.setDaemon(true);
                    return thread;
                });
        // No thread stays behind an idle application.
        executor.allowCoreThreadTimeOut(true);
        return executor;
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
            compute(path, state, mine);
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

    /** The digest if it is known; if not, it is begun in the background. */
    Optional<byte[]> ifKnown(Path path, FileState state) {
        if (!state.isSettled(Instant.now())) {
            // Its digest could not be believed later, and would be begun again by every request.
            return Optional.empty();
        }
        CompletableFuture<byte[]> mine = new CompletableFuture<>();
        CompletableFuture<byte[]> flight = claim(state, mine);
        if (flight == mine) {
            try {
                background.execute(() -> compute(path, state, mine));
            } catch (RejectedExecutionException e) {
                forget(state);
            }
        }
        return flight.isDone() && !flight.isCompletedExceptionally() ? Optional.of(flight.join()) : Optional.empty();
    }

    private CompletableFuture<byte[]> claim(FileState state, CompletableFuture<byte[]> mine) {
        synchronized (known) {
            CompletableFuture<byte[]> other = known.putIfAbsent(state, mine);
            return other == null ? mine : other;
        }
    }

    private void forget(FileState state) {
        synchronized (known) {
            known.remove(state);
        }
    }

    private void compute(Path path, FileState state, CompletableFuture<byte[]> result) {
        boolean settled = state.isSettled(Instant.now());
        try {
            byte[] digest = read(path);
            if (!FileState.of(path).equals(state)) {
                throw new StaleFileException(path);
            }
            if (!settled) {
                forget(state);
            }
            result.complete(digest);
        } catch (IOException | RuntimeException e) {
            forget(state);
            result.completeExceptionally(e);
        } finally {
            // After an Error others must not wait for ever.
            if (!result.isDone()) {
                forget(state);
                result.completeExceptionally(new IOException("the file could not be digested"));
            }
        }
    }

    private static byte[] read(Path path) throws IOException {
        MessageDigest digest = Sha256.newDigest();
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(path)) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
        }
        return digest.digest();
    }

    @Override
    public void close() {
        background.shutdownNow();
    }
}
