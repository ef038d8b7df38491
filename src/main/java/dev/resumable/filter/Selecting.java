// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A body of known length and strong tag: cut while the application writes it, in constant memory.
 *
 * <p>The last byte that the client is to get is let through only at the end: when the application has written just what it
 * declared, and the source has confirmed that it is still what the tag names. So a range is complete when its source is.
 */
final class Selecting implements ResponseBody {

    private final OutputStream selected;
    private final long length;
    private final Confirmation confirmation;
    private long position;

    /** A last look at the source of the bytes. */
    @FunctionalInterface
    interface Confirmation {

        /** Throws if the bytes that went by may be of another state than the tag. */
        void confirm() throws IOException;
    }

    Selecting(OutputStream selected, long length, Confirmation confirmation) {
        this.selected = selected;
        this.length = length;
        this.confirmation = confirmation;
    }

    @Override
    public ResponseBody write(byte[] bytes, int offset, int count) throws IOException {
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

    @Override
    public void finish() throws IOException {
        if (position != length) {
            throw new EOFException("the application declared " + length + " bytes and wrote " + position);
        }
        confirmation.confirm();
        selected.close();
    }

    @Override
    public void abandon() {
        // Nothing is held.
    }
}
