// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.upload.UploadListener.Refusal;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Holder;
import dev.resumable.upload.store.UploadLocks.Lease;
import dev.resumable.upload.store.UploadLocks.Predecessor;
import dev.resumable.upload.store.UploadLocks.Scope;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStatus;
import dev.resumable.upload.store.UploadStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What can be done with uploads, for any protocol: it knows no field names, and no request.
 *
 * <p>Every method takes the owner, and another owner's upload is not found. Methods that change an upload take the name of
 * the protocol, which must be the one that created it.
 *
 * <p>Methods may wait for another request to let go, {@link #PATIENCE} at most, and for the store. {@link #complete} may wait
 * longer, for a completion that is under way: see {@link Completing#PATIENT}.
 */
final class UploadEngine implements AutoCloseable {

    private static final Logger LOG = System.getLogger(UploadEngine.class.getName());
    static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Of those who do not write: there is nothing that they could let go of early. */
    static final Holder UNMOVED = urgency -> {};

    private final UploadStore store;
    private final UploadConfig config;
    private final UploadListener listener;
    private final CountedUploads counted;
    private final WholeHashes hashes;
    private final WaitingRooms waitingRooms = new WaitingRooms();
    private final HashFollower follower = new HashFollower(this);
    private final RunningRequests running;
    private final WorkOnStore work = new WorkOnStore();
    private final Quota quota;
    private final Creating creating;
    private final Opening opening = new Opening(this);
    private final Joining joining = new Joining(this);
    private final Completing completing = new Completing(this);
    private final Removing removing = new Removing(this);
    private final Sweeper sweeper = new Sweeper(this, removing);
    private final Duration patience;
    private volatile boolean closed;

    UploadEngine(UploadStore store, UploadConfig config, UploadListener listener) {
        this(store, config, listener, PATIENCE);
    }

    /** With another patience, for tests. */
    UploadEngine(UploadStore store, UploadConfig config, UploadListener listener, Duration patience) {
        this(store, config, listener, patience, RunningRequests.GRACE);
    }

    /** With another time before rates are judged too, for tests. */
    UploadEngine(UploadStore store, UploadConfig config, UploadListener listener, Duration patience, Duration grace) {
        this.patience = patience;
        this.store = store;
        this.config = config;
        this.listener = listener;
        this.counted =
                new CountedUploads(TransferEvents.all(config.events().stream().toList()));
        this.hashes = new WholeHashes(store.bodies());
        this.quota = new Quota(this, config);
        this.creating = new Creating(this, config);
        this.running =
                new RunningRequests(config.readTimeout(), config.minDataRate(), config.maxBlockingBodies(), grace);
    }

    // ---- creation

    /** Creates an upload, unless the owner has the file, or an unfinished upload of it. */
    UploadOutcome create(UploadPlan plan, OptionalLong length) throws IOException {
        return working(() -> creating.create(plan, length));
    }

    /** The same, of the bytes of pieces, whose reservation it takes over; {@link Quota#takeBack} ends that. */
    UploadOutcome createFrom(List<UploadState> pieces, UploadId id, UploadPlan plan, OptionalLong length)
            throws IOException {
        return working(() -> creating.createFrom(pieces, id, plan, length));
    }

    /** Creates an upload, whatever the owner has. */
    UploadOutcome createNew(UploadPlan plan, OptionalLong length) throws IOException {
        return working(() -> creating.createNew(plan, length));
    }

    /** Creates an upload of the bytes of others, which are {@link UploadPlan.Completion#PIECE pieces} and all there, and go then. */
    UploadOutcome join(UploadPlan plan, List<UploadId> pieces) throws IOException {
        return working(() -> joining.join(plan, pieces));
    }

    /** Whatever changes the store: a stop waits for it. */
    private UploadOutcome working(Attempt attempt) throws IOException {
        if (!work.begin()) {
            return shuttingDown();
        }
        try {
            return attempt.run();
        } finally {
            work.end();
        }
    }

    static Failed shuttingDown() {
        return UploadOutcome.failed(UploadProblem.SHUTTING_DOWN, "The server is stopping.");
    }

    // ---- looking

    /** The upload as it is now, with what a running request has brought so far. */
    UploadOutcome look(UploadId id, String owner) throws IOException {
        if (find(id, owner).isEmpty()) {
            return UploadOutcome.notFound();
        }
        running.checkpoint(id);
        return find(id, owner).<UploadOutcome>map(Found::new).orElseGet(UploadOutcome::notFound);
    }

    /** The file that a complete upload has become. */
    UploadOutcome fileOf(UploadState state) throws IOException {
        return completing.replay(state);
    }

    Optional<UploadState> find(UploadId id, String owner) throws IOException {
        return store.states()
                .find(id)
                .filter(state -> state.plan().owner().equals(owner))
                .filter(state -> !isExpired(state));
    }

    /** Whether an upload is to be taken as gone, though nobody has removed it yet. */
    boolean isExpired(UploadState state) {
        return state.status() == UploadStatus.OPEN
                && state.expires().isBefore(Instant.now())
                && !state.awaitsFile()
                && !running.isRunning(state.id());
    }

    // ---- writing

    /** Opens an upload for a body that is appended to it. */
    Reception append(UploadId id, String owner, String protocol, AppendRequest request) throws IOException {
        return opening.append(id, owner, protocol, request);
    }

    /** Opens one part of an upload for a body. */
    Reception part(UploadId id, String owner, String protocol, PartRequest request) throws IOException {
        return opening.part(id, owner, protocol, request);
    }

    /** The upload if this protocol may change it, else why not. */
    UploadOutcome changeable(UploadId id, String owner, String protocol) throws IOException {
        if (closed) {
            return shuttingDown();
        }
        Optional<UploadState> state = find(id, owner);
        if (state.isEmpty()) {
            return UploadOutcome.notFound();
        }
        return state.get().plan().protocol().equals(protocol) ? new Found(state.get()) : wrongProtocol(state.get());
    }

    /** The answer to a protocol that did not create the upload. */
    static Failed wrongProtocol(UploadState state) {
        String creator = state.plan().protocol();
        return UploadOutcome.failed(
                UploadProblem.WRONG_PROTOCOL,
                "The upload was created in the protocol " + creator + " and is changed in that alone.",
                Map.of("protocol", creator));
    }

    /** Keeps a predecessor, whose lease ran out and who may still be at work, from changing the state. */
    UploadState claimed(UploadState state, Lease lease) throws IOException {
        if (lease.predecessor() == Predecessor.LET_GO) {
            return state;
        }
        UploadState claimed = state.claimed();
        if (store.states().replace(claimed) == Change.STALE) {
            throw new IOException("an upload is changed by a request that should have ended");
        }
        return claimed;
    }

    /** The lease as soon as nobody is at work on it, if it can be had before this owner has too many who wait. */
    Optional<Lease> leaseWhenIdle(String owner, Scope scope, Holder holder) throws IOException {
        Optional<Lease> atOnce = lease(scope, Urgency.IF_FREE, holder);
        if (atOnce.isPresent() || !waitingRooms.enter(owner)) {
            return atOnce;
        }
        try {
            return lease(scope, Urgency.IF_IDLE, holder);
        } finally {
            waitingRooms.leave(owner);
        }
    }

    /** The lease; to wait for it takes no place, since who is asked now lets go soon, and a removal must always be able to ask. */
    Optional<Lease> lease(Scope scope, Urgency urgency, Holder holder) throws IOException {
        try {
            return store.locks().acquire(scope, urgency, patience, holder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    static Failed busy() {
        return UploadOutcome.failed(UploadProblem.BUSY, "Another request is at work on the upload; try again soon.");
    }

    // ---- the end of an upload

    /** Makes a file of an upload; again and again the same one. */
    UploadOutcome complete(UploadId id, String owner, String protocol) throws IOException {
        return working(() -> completing.complete(id, owner, protocol));
    }

    /** The same, but not if that means to wait for another request: then it is busy, at once. */
    UploadOutcome completeIfFree(UploadId id, String owner, String protocol) throws IOException {
        return working(() -> completing.completeIfFree(id, owner, protocol));
    }

    /** Removes an upload and ends the requests that write to it or complete it. A file that it has become stays. */
    UploadOutcome cancel(UploadId id, String owner, String protocol) throws IOException {
        return working(() -> removing.cancel(id, owner, protocol));
    }

    /** Removes what was created for a body that could not even be begun, as this failure says, unless bytes came all the same. */
    void takeBack(UploadId id, Exception failure) {
        try {
            working(() -> removing.takeBack(id));
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Completes what is whole, and removes what has expired and what is left of deleted files. */
    void sweep() {
        if (work.begin()) {
            try {
                sweeper.sweep();
            } finally {
                work.end();
            }
        }
    }

    // ---- files

    /** The owner's files, the newest first. */
    List<StoredFile> files(String owner) throws IOException {
        return store.catalogue().list(owner);
    }

    /** A file of the owner. */
    Optional<StoredFile> file(FileId id, String owner) throws IOException {
        return store.catalogue().find(owner, id);
    }

    /** Removes a file; its bytes go with the last file that has them. */
    UploadOutcome removeFile(FileId id, String owner) throws IOException {
        Optional<StoredFile> file = file(id, owner);
        return file.isPresent() ? working(() -> removing.removeFile(file.get())) : UploadOutcome.notFound();
    }

    // ---- for the rooms beside

    UploadStore store() {
        return store;
    }

    WholeHashes hashes() {
        return hashes;
    }

    HashFollower follower() {
        return follower;
    }

    RunningRequests running() {
        return running;
    }

    WorkOnStore work() {
        return work;
    }

    Removing removing() {
        return removing;
    }

    Quota quota() {
        return quota;
    }

    Completing completing() {
        return completing;
    }

    /** When an upload expires that was touched now. */
    Instant expiry() {
        return Instant.now().plus(config.expiry());
    }

    /** How long a request waits for another one at most. */
    Duration patience() {
        return patience;
    }

    CountedUploads counted() {
        return counted;
    }

    /** Tells the listener, whose failures are its own. */
    void tell(Consumer<UploadListener> report) {
        report.accept(counted);
        try {
            report.accept(listener);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener of uploads failed", e);
        }
    }

    Optional<Refusal> askBeforeCreation(UploadPlan plan, OptionalLong length) {
        return ask(() -> listener.beforeCreation(plan, length));
    }

    Optional<Refusal> askBeforeCompletion(UploadState state, String sha256) {
        return ask(() -> listener.beforeCompletion(state, sha256));
    }

    private static Optional<Refusal> ask(Supplier<Optional<Refusal>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a listener of uploads failed, so the upload is refused", e);
            return Optional.of(new Refusal(UploadProblem.STORE_FAILED.status(), "The upload could not be checked."));
        }
    }

    /** Whether no more is done. */
    boolean isClosed() {
        return closed;
    }

    /**
     * Takes no more requests, and ends those that run with what came so far; completions and joins give up as soon as they can.
     * The store is closed when nothing is at work on it any more, which is waited for twice as long as for a lease.
     */
    @Override
    public void close() {
        closed = true;
        work.stop();
        completing.running().stop();
        Duration toWait = patience.multipliedBy(2);
        long deadline = System.nanoTime() + toWait.toNanos();
        running.endAll(deadline);
        work.closeWhenIdle(store, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
}
