// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A response whose head is read and whose body waits on the connection, to be read in the test's own way.
 *
 * <p>{@link #readBody} may be called any number of times; one of the methods that give a {@link RawResponse} ends it.
 */
public final class OpenResponse {
    private static final int BUFFER = 64 * 1024;

    private final List<RawHead> interim = new ArrayList<>();
    private final RawHead head;
    private final BodySource source;
    private final BodyTally tally = new BodyTally();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private Completion completion = Completion.ABANDONED;
    private boolean over;

    private OpenResponse(String method, WireInput in) throws IOException {
        RawHead next = RawHead.read(in);
        // RFC 9110 §15.2: any number of interim responses may come first; 101 is the last one of HTTP.
        while (next.status() / 100 == 1 && next.status() != 101) {
            interim.add(next);
            next = RawHead.read(in);
        }
        head = next;
        source = BodySource.of(method, head, in);
    }

    static OpenResponse begin(String method, WireInput in) throws IOException {
        return new OpenResponse(method, in);
    }

    /** Gives the head of the final response. */
    public RawHead head() {
        return head;
    }

    /** Gives the 1xx responses that came before, in order. */
    public List<RawHead> interim() {
        return List.copyOf(interim);
    }

    /** Reads {@code count} body bytes, or fewer if the body, the connection or the client's patience ends before. */
    public byte[] readBody(int count) {
        byte[] read = takeBody(count);
        kept.writeBytes(read);
        return read;
    }

    /** As {@link #readBody}, but keeps only its count and its SHA-256, for bodies of any size. */
    public byte[] takeBody(int count) {
        byte[] part = new byte[count];
        int done = 0;
        while (done < count) {
            int got = next(part, done, count - done);
            if (got < 0) {
                break;
            }
            done += got;
        }
        byte[] read = Arrays.copyOf(part, done);
        tally.add(read, done);
        return read;
    }

    /** Reads the rest and keeps it. */
    public RawResponse rest() {
        return restSlowly(BUFFER, Duration.ZERO);
    }

    /** Reads the rest, at most {@code bytes} at a time with a {@code pause} before each, and keeps it. */
    public RawResponse restSlowly(int bytes, Duration pause) {
        while (!over) {
            pause(pause);
            readBody(bytes);
        }
        return response();
    }

    /** Reads the rest and keeps only its count and its SHA-256, for bodies of any size. */
    public RawResponse digestRest() {
        byte[] buffer = new byte[BUFFER];
        for (int count = next(buffer, 0, BUFFER); count >= 0; count = next(buffer, 0, BUFFER)) {
            tally.add(buffer, count);
        }
        return response();
    }

    /** Gives what was read so far as {@link Completion#ABANDONED}, unless the body was at its end already. */
    public RawResponse abandon() {
        return response();
    }

    private RawResponse response() {
        return new RawResponse(interim, head, source, completion, kept.toByteArray(), tally);
    }

    /** Reads some bytes, or gives -1 and notes why there are no more. */
    private int next(byte[] target, int offset, int length) {
        if (over) {
            return -1;
        }
        try {
            int count = source.read(target, offset, length);
            return count < 0 ? end(Completion.COMPLETE) : count;
        } catch (SocketTimeoutException e) {
            return end(Completion.TIMED_OUT);
        } catch (EOFException | SocketException e) {
            // A reset counts as truncation even where the close would have been the end of the body.
            return end(Completion.TRUNCATED);
        } catch (IOException e) {
            throw new AssertionError("reading the body failed", e);
        }
    }

    private int end(Completion how) {
        completion = how;
        over = true;
        return -1;
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while reading slowly", e);
        }
    }
}
