// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.SelectingStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * A body of known length and strong tag: cut while the application writes it, in constant memory.
 *
 * <p>The last byte that the client is to get is let through only at the end: when the application has written just what it
 * declared, and the source has confirmed that it is still what the tag names. So a range is complete when its source is.
 */
final class Selecting implements ResponseBody {

    private static final Logger LOG = System.getLogger(Selecting.class.getName());

    private final SelectingStream selected;
    private final long length;
    private final Confirmation confirmation;
    private long position;
    private End end = End.AT_LENGTH;

    private enum End {
        AT_LENGTH,
        /** The application knows that the client has all it asked for, and writes no more. */
        EARLY
    }

    /** A last look at the source of the bytes, and others before it where they are worth it. */
    @FunctionalInterface
    interface Confirmation {

        /** Looks at bytes, in their order and maybe too many, before they go by; throws if they are not those of the tag. */
        default void passing(byte[] bytes, int offset, int count) throws IOException {}

        /** Throws if the bytes that went by may be of another state than the tag. */
        void confirm() throws IOException;

        /** The application has ended before the length that was expected. */
        default void fellShort() {}

        /** There are no more bytes to look at. */
        default void close() throws IOException {}
    }

    Selecting(SelectingStream selected, long length, Confirmation confirmation) {
        this.selected = selected;
        this.length = length;
        this.confirmation = confirmation;
    }

    @Override
    public ResponseBody write(byte[] bytes, int offset, int count) throws IOException {
        confirmation.passing(bytes, offset, count);
        if (count > length - position) {
            throw new IOException("the application declared " + length + " bytes and writes more");
        }
        selected.write(bytes, offset, count);
        position += count;
        return this;
    }

    @Override
    public void flush() throws IOException {
        selected.flush();
    }

    /** True if no further byte is needed; the application then need not write any. */
    boolean endsHere() {
        end = selected.hasAll() ? End.EARLY : end;
        return end == End.EARLY;
    }

    @Override
    public void finish() throws IOException {
        if (end == End.AT_LENGTH && position != length) {
            confirmation.fellShort();
            throw new EOFException("the application declared " + length + " bytes and wrote " + position);
        }
        confirmation.confirm();
        selected.close();
    }

    @Override
    public void abandon() {
        try {
            confirmation.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a file that was looked at could not be closed: {0}", e.toString());
        }
    }
}
