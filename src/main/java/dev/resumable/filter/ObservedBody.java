// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of an observed response, from its first byte to its end.
 *
 * <p>Until the moment when a container would commit (the response buffer is full, or a flush) everything can still be reset
 * and nothing is decided. Then {@link BodyChoice} is asked once how it goes on, and to the application the response is
 * committed, whether or not anything was sent.
 */
final class ObservedBody {

    private final BodyChoice choice;
    private final ObservedResponse response;
    private final UncommittedBytes uncommitted;
    private volatile Output output = Output.OPEN;
    private volatile @Nullable ResponseBody body;
    private volatile @Nullable Exception failure;
    private volatile @Nullable Exception failureIfEmpty;
    private volatile boolean abandoned;

    /** What became of the application's output. */
    private enum Output {
        OPEN,
        /** Closed by the application: complete, though not committed by that. */
        CLOSED,
        /** Void, since the application has sent an error or a redirect instead. */
        LEFT,
        /** The exchange is over. */
        ENDED
    }

    ObservedBody(BodyChoice choice, ObservedResponse response, Quota heap) {
        this.choice = choice;
        this.response = response;
        this.uncommitted = new UncommittedBytes(heap);
    }

    /** True while status and fields may change. */
    boolean isUndecided() {
        return body == null && output == Output.OPEN;
    }

    boolean hasTakenBytes() {
        return body != null || uncommitted.size() > 0;
    }

    /** How many bytes are written and not committed. */
    int uncommittedBytes() {
        return uncommitted.size();
    }

    /** True once the application has sent an error or a redirect: the container has taken over. */
    boolean isLeft() {
        return output == Output.LEFT;
    }

    /** True if fields of ours are on the response though the application is still writing. */
    boolean hasHead() {
        return body instanceof Selecting;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (output == Output.LEFT) {
            return;
        }
        if (output != Output.OPEN) {
            throw new IOException("the output of this response is closed");
        }
        rethrow(failure);
        if (!(body instanceof Untouched)) {
            // What is no range of the array is a mistake of the caller's that leaves no gap.
            Objects.checkFromIndexSize(offset, length, bytes.length);
        }
        try {
            if (body == null && uncommitted.keep(bytes, offset, length, response.getBufferSize())) {
                return;
            }
            body = commit().write(bytes, offset, length);
        } catch (IOException | RuntimeException | Error e) {
            if (!(body instanceof Untouched)) {
                // The application may swallow this; what follows the gap must not be taken for the rest.
                failure = asException(e);
            }
            throw e;
        }
    }

    /** The application has failed, though it may not say so when it ends: what it wrote is not all it had. */
    void breakOff(Throwable cause) {
        if (failure == null) {
            failure = asException(cause);
        }
    }

    /** The same, where it has written nothing: an answer without a body that a listener then makes counts, an empty 200 does not. */
    void breakOffEmpty(Throwable cause) {
        failureIfEmpty = asException(cause);
    }

    /** The application goes on after all. */
    void goOnEmpty() {
        failureIfEmpty = null;
    }

    /** One that {@link #rethrow} throws. */
    private static Exception asException(Throwable cause) {
        return cause instanceof IOException || cause instanceof RuntimeException
                ? (Exception) cause
                : new IOException(cause);
    }

    void flush() throws IOException {
        if (output == Output.OPEN) {
            commit().flush();
        }
    }

    void close() throws IOException {
        if (output == Output.OPEN) {
            output = Output.CLOSED;
            if (body instanceof Untouched) {
                body.flush();
            }
        }
    }

    /** Forgets what was written, and what was wrong with it; only before the decision. */
    void discard() {
        uncommitted.discard();
        failure = null;
        failureIfEmpty = null;
    }

    /** True if the client has all that it asked for, and the application may stop. */
    boolean endsHere() {
        return body instanceof Selecting selecting && failure == null && selecting.endsHere();
    }

    /** Takes everything back that was written; the decision too. Only while the client has got nothing. */
    void startAgain() {
        uncommitted.discard();
        ResponseBody before = body;
        if (before != null) {
            before.abandon();
        }
        body = null;
        failure = null;
    }

    /** The container takes over: an error page or a redirect. */
    void leave() {
        Output before = output;
        abandon();
        // What is over stays over.
        output = before == Output.ENDED ? Output.ENDED : Output.LEFT;
    }

    /** True if a write listener need not wait for the client, because its bytes are kept. */
    boolean mayBeHeld() {
        return body == null ? choice.objection().isEmpty() : !(body instanceof Untouched);
    }

    /** Gives a write listener to the container, if the body is left to that. */
    boolean handOver(WriteListener listener) throws IOException {
        if (commit() instanceof Untouched untouched) {
            untouched.setWriteListener(listener);
            return true;
        }
        return false;
    }

    boolean isReady() throws IOException {
        return !(body instanceof Untouched untouched) || untouched.isReady();
    }

    /** Decides how the body goes on, and hands on what was written so far. */
    ResponseBody commit() throws IOException {
        ResponseBody decided = body;
        if (decided == null) {
            decided = choice.choose();
            body = decided;
            requireNotAbandoned(decided);
            decided = uncommitted.moveTo(decided);
            body = decided;
            requireNotAbandoned(decided);
        }
        return decided;
    }

    /** Who has ended the exchange while this body was being made could not free it. */
    private void requireNotAbandoned(ResponseBody made) throws IOException {
        if (abandoned) {
            made.abandon();
            throw new IOException("the exchange is over");
        }
    }

    /**
     * The application has written all it had.
     *
     * @throws IOException if the client must not take what it got for complete
     */
    void finish() throws IOException {
        if (output == Output.LEFT) {
            return;
        }
        output = Output.ENDED;
        if (failure == null && !hasTakenBytes() && response.getStatus() == HttpServletResponse.SC_OK) {
            failure = failureIfEmpty;
        }
        if (failure != null) {
            abandon();
        }
        rethrow(failure);
        commit().finish();
    }

    /** As it came: containers know their own exception for a client that has gone, and are loud about any other. */
    static void rethrow(@Nullable Exception failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    /** Frees what is held and writes nothing more. */
    void abandon() {
        output = Output.ENDED;
        abandoned = true;
        uncommitted.close();
        ResponseBody decided = body;
        if (decided != null) {
            decided.abandon();
        }
    }
}
