// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.Sha256;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.UploadOutcome.PartStored;
import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.PartLayout;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStates.Change;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** The body of a part: it counts when all of it is there and right, else not at all. */
final class PartWriting extends UploadWriting {

    private final int number;
    private final long size;
    private final MessageDigest digest = Sha256.newDigest();

    /**
     * @param size what the part must have
     */
    PartWriting(UploadEngine engine, int number, long size, BodyDigests digests) {
        super(engine, digests);
        this.number = number;
        this.size = size;
    }

    @Override
    protected Optional<UploadOutcome> take(byte[] bytes, int offset, int length) throws IOException {
        if (length > size - writer().length()) {
            return Optional.of(wrongSize(number, size, writer().length() + length));
        }
        digest.update(bytes, offset, length);
        writeOn(bytes, offset, length);
        return Optional.empty();
    }

    @Override
    protected UploadOutcome finish(Ending how) throws IOException {
        if (how != Ending.WHOLE) {
            return broken(how, Map.of());
        }
        if (writer().length() != size) {
            return wrongSize(number, size, writer().length());
        }
        if (!digests.areRight()) {
            return UploadOutcome.failed(UploadProblem.DIGEST_MISMATCH, "The part does not have its announced digest.");
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        Part before = state().parts().get(number);
        if (before != null && before.sha256().equals(sha256)) {
            // The same bytes again, most likely since the answer was lost.
            return new PartStored(state(), before);
        }
        return commit(new Part(number, size, sha256, writer().commit()));
    }

    private UploadOutcome commit(Part part) throws IOException {
        try {
            return commitInTurn(part);
        } catch (IOException | RuntimeException e) {
            discardUnlessNamed(part, e);
            throw e;
        }
    }

    /** A change that failed may have come to pass: what the state names now decides, and if nobody knows, the bytes stay. */
    private void discardUnlessNamed(Part part, Exception failure) {
        try {
            Optional<UploadState> now = engine.store().states().find(state().id());
            boolean isNamed =
                    now.map(state -> part.equals(state.parts().get(number))).orElse(false);
            if (!isNamed) {
                engine.store().bodies().discard(state(), part);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** Other parts change the state meanwhile, so it is read until nothing comes between. */
    private UploadOutcome commitInTurn(Part part) throws IOException {
        while (true) {
            Optional<UploadState> current = engine.store().states().find(state().id());
            if (current.isEmpty() || current.get().status() != UploadStatus.OPEN) {
                engine.store().bodies().discard(state(), part);
                return current.isEmpty()
                        ? UploadOutcome.notFound()
                        : UploadOutcome.failed(UploadProblem.ALREADY_COMPLETE, "The upload takes no more parts.");
            }
            UploadState next = current.get().withPart(part, engine.expiry());
            if (engine.store().states().replace(next, part) == Change.DONE) {
                hash().map(running -> running.withPart(part.sha256()))
                        .ifPresent(running -> engine.hashes().keep(next, running));
                discardOld(current.get());
                engine.follower().follow(next.id(), number);
                engine.tell(listener -> listener.progressed(next));
                return new PartStored(next, part);
            }
        }
    }

    private void discardOld(UploadState before) throws IOException {
        Part old = before.parts().get(number);
        if (old != null) {
            engine.store().bodies().discard(before, old);
        }
    }

    @Override
    protected UploadOutcome fail(IOException failure) {
        return broken(failure, Map.of());
    }

    @Override
    protected void makeDurable() {
        // Half a part is of no use to anybody.
    }

    /** The answer to a body of another size. */
    static Failed wrongSize(int number, long size, long got) {
        return UploadOutcome.failed(
                UploadProblem.WRONG_PART_SIZE,
                "Part " + number + " must have " + size + " bytes, but " + got + " came or were announced.",
                Map.of("expected", size));
    }

    /** The answer to a number that no part has. */
    static Failed noSuchPart(Optional<PartLayout> layout) {
        int count = layout.map(PartLayout::count).orElse(0);
        return UploadOutcome.failed(
                UploadProblem.NO_SUCH_PART,
                count == 0 ? "The upload has no parts." : "Parts are numbered from 1 to " + count + ".");
    }
}
