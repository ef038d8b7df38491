// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.servlet.Container;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UnsupportedEncodingException;

/**
 * The writer of an observed response.
 *
 * <p>Its encoder may be drained without a flush, since to the body below a flush means: commit.
 */
final class BodyWriter extends PrintWriter {

    private final ObservedOutput body;
    private final Gate gate;
    private final Container container;

    private BodyWriter(OutputStreamWriter encoder, ObservedOutput body, Gate gate, Container container) {
        super(encoder);
        this.body = body;
        this.gate = gate;
        this.container = container;
    }

    @Override
    public void write(int character) {
        if (isInTime()) {
            super.write(character);
        }
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        if (isInTime()) {
            super.write(characters, offset, length);
        }
    }

    @Override
    public void write(String text, int offset, int length) {
        if (isInTime()) {
            super.write(text, offset, length);
        }
    }

    /** What a late thread wrote would lie in the encoder, and follow what a listener answers. */
    private boolean isInTime() {
        boolean inTime = !body.isTooLate();
        if (!inTime) {
            setError();
        }
        return inTime;
    }

    /** Ends a line as the container's own writer would. */
    @Override
    public void println() {
        if (container == Container.UNDERTOW) {
            write("\r\n");
        } else {
            super.println();
        }
    }

    /**
     * A writer into the body.
     *
     * @throws UnsupportedEncodingException if there is no such charset
     */
    static BodyWriter of(ObservedOutput body, String charset, Container container) throws UnsupportedEncodingException {
        Gate gate = new Gate(body);
        return new BodyWriter(new OutputStreamWriter(gate, charset), body, gate, container);
    }

    /** Flushes the encoder, then the body. */
    @Override
    public void flush() {
        super.flush();
        try {
            body.flush();
        } catch (IOException e) {
            setError();
        }
    }

    /** Ends the encoder and closes the body; not for a late thread, which would end what a listener is writing. */
    @Override
    public void close() {
        if (body.isTooLate()) {
            return;
        }
        super.close();
        try {
            body.close();
        } catch (IOException e) {
            setError();
        }
    }

    /** Ends the encoder: a stateful charset writes its last bytes, what was held goes into the body, nothing is flushed. */
    void finish() {
        super.close();
    }

    /** Writes what the encoder holds into the body, and flushes nothing. */
    void drain() {
        super.flush();
    }

    /** Forgets what the encoder holds. */
    void discard() {
        gate.block();
        super.flush();
        gate.unblock();
    }

    /** Lets bytes through, but neither flush nor close. */
    private static final class Gate extends FilterOutputStream {

        private boolean blocked;

        Gate(OutputStream body) {
            super(body);
        }

        void block() {
            blocked = true;
        }

        void unblock() {
            blocked = false;
        }

        @Override
        public void write(int b) throws IOException {
            if (!blocked) {
                out.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!blocked) {
                out.write(bytes, offset, length);
            }
        }

        @Override
        public void flush() {
            // A flush of the encoder is not a flush of the response.
        }

        @Override
        public void close() {
            // The end of the encoder is not the end of the response.
        }
    }
}
