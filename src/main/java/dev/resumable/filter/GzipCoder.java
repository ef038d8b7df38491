// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.Representation;
import dev.resumable.http.ByteRange;
import dev.resumable.metrics.PassReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Codes bodies with gzip (RFC 9110 §8.4.1.3) into spools.
 *
 * <p>Equal bytes have equal coded bytes, or their tag would change from answer to answer: {@link GzipStream} knows neither
 * time nor name, and is fed in blocks of one size.
 */
final class GzipCoder {

    private static final Logger LOG = System.getLogger(GzipCoder.class.getName());

    private static final int BLOCK = 16 << 10;

    private final SpoolDirectory spools;

    /** What became of a body. */
    sealed interface Outcome {

        /** It is coded; the caller closes the spool. */
        record Coded(Spool spool) implements Outcome {}

        /** Its coded bytes would be more than allowed, as they always are for these bytes. */
        record TooLong() implements Outcome {}

        /** It could not be read, or its coded bytes could not be kept; next time it may be different. */
        record GivenUp() implements Outcome {}
    }

    GzipCoder(SpoolDirectory spools) {
        this.spools = spools;
    }

    /**
     * Codes a body that has at least one byte.
     *
     * @param longest the most coded bytes that are of use
     * @throws IOException if the body cannot be opened
     */
    Outcome code(Representation body, long longest) throws IOException {
        InputStream in = body.open(new ByteRange(0, body.length() - 1));
        Spool spool = new Spool(spools);
        Outcome outcome = new Outcome.GivenUp();
        try (in) {
            outcome = code(in, body.length(), new Sink(spool, longest));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a body could not be compressed: {0}", e.toString());
        } finally {
            if (!(outcome instanceof Outcome.Coded)) {
                spool.close();
            }
        }
        return outcome;
    }

    private static Outcome code(InputStream in, long length, Sink sink) throws IOException {
        byte[] block = new byte[BLOCK];
        long taken = 0;
        try (OutputStream gzip = new GzipStream(sink)) {
            while (taken < length && sink.state == Sink.State.OPEN) {
                int read = in.readNBytes(block, 0, (int) Math.min(BLOCK, length - taken));
                if (read == 0) {
                    return new Outcome.GivenUp();
                }
                gzip.write(block, 0, read);
                taken += read;
            }
        }
        return switch (sink.state) {
            case OPEN -> new Outcome.Coded(sink.spool);
            case TOO_LONG -> new Outcome.TooLong();
            case REFUSED -> new Outcome.GivenUp();
        };
    }

    /** Takes coded bytes into a spool, and drops them all from where there are too many. */
    private static final class Sink extends OutputStream {

        private final Spool spool;
        private final long longest;
        private State state = State.OPEN;

        private enum State {
            OPEN,
            TOO_LONG,
            REFUSED
        }

        Sink(Spool spool, long longest) {
            this.spool = spool;
            this.longest = longest;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (state != State.OPEN) {
                return;
            }
            if (length > longest - spool.size()) {
                state = State.TOO_LONG;
            } else {
                spool.keep(bytes, offset, length).ifPresent(this::refused);
            }
        }

        /** A length that is no good is no good for ever; room there may be another time. */
        private void refused(PassReason reason) {
            state = reason == PassReason.TOO_LONG ? State.TOO_LONG : State.REFUSED;
        }
    }
}
