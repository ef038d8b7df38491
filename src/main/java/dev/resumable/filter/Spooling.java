// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.metrics.PassReason;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A body that is kept until it is complete, since only then its length and its tag are known.
 *
 * <p>Where it grows past a limit or cannot be kept any more, nothing was sent yet: it gives up and passes through.
 */
final class Spooling implements ResponseBody {

    private final Spool spool;
    private final BodyChoice choice;
    private final ObservedResponse response;

    Spooling(Spool spool, BodyChoice choice, ObservedResponse response) {
        this.spool = spool;
        this.choice = choice;
        this.response = response;
    }

    /** Takes bytes that were kept before anything was decided, as they lie; false if it cannot. */
    boolean adopt(HeapBytes bytes) {
        return spool.adopt(bytes);
    }

    @Override
    public ResponseBody write(byte[] bytes, int offset, int length) throws IOException {
        Optional<PassReason> refusal = spool.keep(bytes, offset, length);
        return refusal.isEmpty() ? this : giveUp(refusal.get()).write(bytes, offset, length);
    }

    private ResponseBody giveUp(PassReason reason) throws IOException {
        try (spool) {
            ResponseBody passing = choice.giveUp(spool, reason);
            spool.copyTo(into(passing));
            return passing;
        }
    }

    /** A stream into a body that never gives up: it has done so already. */
    private static OutputStream into(ResponseBody body) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                body.write(bytes, offset, length);
            }
        };
    }

    @Override
    public void flush() {
        // Virtual: the client gets the body whole, with its length and its tag.
    }

    @Override
    public void finish() throws IOException {
        if (response.announcesTrailers()) {
            // Trailers need a chunked body, and a chunked body has no ranges.
            giveUp(PassReason.TRAILERS).finish();
            return;
        }
        try {
            // What is sent is closed by whoever sends it, maybe after this call has returned.
            choice.answer(spool);
        } catch (IOException | RuntimeException | Error e) {
            spool.close();
            throw e;
        }
    }

    @Override
    public void abandon() {
        spool.close();
    }
}
