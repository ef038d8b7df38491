// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.UploadLocks.Urgency;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Change;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of an append: what came before a break is kept, unless it had to be checked as a whole.
 *
 * <p>Long bodies are made durable on the way, so that a crash costs little of them.
 */
final class AppendWriting extends UploadWriting {

    /** A crash costs no more than this, and the disk is not waited for more often. */
    private static final long CHECKPOINT = 32L << 20;

    private final AppendRequest request;
    private final OptionalLong length;
    private long room;
    private long committed;

    /**
     * @param check what the numbers of the request have come to, without a problem
     */
    AppendWriting(UploadEngine engine, AppendRequest request, AppendCheck check) {
        super(engine, request.digests());
        this.request = request;
        this.length = check.length();
        this.room = check.room();
    }

    @Override
    protected Optional<UploadOutcome> take(byte[] bytes, int offset, int count) throws IOException {
        int fitting = (int) Math.min(count, roomFor(count) - writer().length());
        writeOn(bytes, offset, fitting);
        if (fitting < count) {
            keepWhatCame();
            // Its first bytes are all of the upload: it would be whole for ever, and never a file.
            completeIfWhole();
            return Optional.of(AppendCheck.beyond(state().offset(), length));
        }
        if (writer().length() - committed >= CHECKPOINT) {
            makeDurable();
        }
        return Optional.empty();
    }

    /** The most bytes that the body may have; more than before if these are not to fit. */
    private long roomFor(int count) throws IOException {
        long needed = writer().length() + count;
        if (needed > room && length.isEmpty()) {
            long start = state().offset() - committed;
            room = Math.max(room, engine.quota().extend(state(), start + needed, taken()) - start);
        }
        return room;
    }

    @Override
    protected UploadOutcome finish(Ending how) throws IOException {
        if (how != Ending.WHOLE) {
            keepWhatCame();
            // Whoever else ends it has other things to do than to make a file, and may be about to remove it. If all is
            // there, the upload awaits its file, which the next request or the sweeper makes.
            return how == Ending.CUT_OFF
                    ? completeIfWhole().orElseGet(() -> broken(how, offsetMember()))
                    : broken(how, offsetMember());
        }
        if (!digests.areRight()) {
            return UploadOutcome.failed(
                    UploadProblem.DIGEST_MISMATCH, "The body does not have its announced digest.", offsetMember());
        }
        Optional<Failed> stale = commit();
        if (stale.isPresent()) {
            return stale.get();
        }
        return request.finality() == AppendRequest.Finality.LAST
                ? complete()
                : completeIfWhole().orElseGet(() -> new Advanced(state()));
    }

    /** Where the length decides, it does so also if the body has no end. */
    private Optional<UploadOutcome> completeIfWhole() throws IOException {
        return state().plan().completion() == Completion.BY_LENGTH && state().isWhole()
                ? Optional.of(complete())
                : Optional.empty();
    }

    private UploadOutcome complete() throws IOException {
        beginEnd();
        // The writer first: what becomes a file is not open for writing any more.
        closeWriter();
        return engine.completing().completeLeased(state());
    }

    /** The end may be a completion, which gives up for whoever removes the upload. */
    @Override
    protected void askedWhileEnding(Urgency urgency) {
        engine.completing().running().holder(state().id()).askedToLetGo(urgency);
    }

    @Override
    protected UploadOutcome fail(IOException failure) {
        try {
            if (failure instanceof StorageFullException && !digests.demandWhole()) {
                commit();
            }
        } catch (IOException e) {
            // Not even that fits: the offset is what was durable before.
        }
        return broken(failure, offsetMember());
    }

    private void keepWhatCame() throws IOException {
        if (!digests.demandWhole()) {
            commit();
        }
    }

    @Override
    protected void makeDurable() throws IOException {
        if (!digests.demandWhole() && writer().length() > committed) {
            commit();
        }
    }

    /**
     * Data first, then the state: the offset never names a byte that is not safe. A length or a hash of the whole that the request
     * has told comes with its bytes, and not with a body that is refused.
     */
    private Optional<Failed> commit() throws IOException {
        UploadState before = request.sha256().map(state()::announcing).orElse(state());
        long came = writer().length();
        String body = writer().commit();
        UploadState next = before.advanced(length, before.offset() + came - committed, body, engine.expiry());
        if (engine.store().states().replace(next) == Change.STALE) {
            return Optional.of(UploadOutcome.failed(
                    UploadProblem.TAKEN_OVER, "Another request has changed the upload.", offsetMember()));
        }
        now(next);
        committed = came;
        // They differ where the disk was full: the hash has seen bytes that had to go again.
        hash().filter(running -> running.position() == next.offset())
                .ifPresent(running -> engine.hashes().keep(next, running.fork()));
        if (next.offset() > before.offset()) {
            engine.tell(listener -> listener.progressed(next));
        }
        return Optional.empty();
    }

    private Map<String, Object> offsetMember() {
        return Map.of("offset", state().offset());
    }
}
