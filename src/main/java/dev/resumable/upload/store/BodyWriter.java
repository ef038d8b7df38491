// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.Closeable;
import java.io.IOException;

/** Takes the bytes of one request, for one thread at a time. */
public interface BodyWriter extends Closeable {

    /**
     * Writes on.
     *
     * @throws StorageFullException if there is no room. {@link #length()} then tells what can be committed still.
     */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** The bytes taken so far. */
    long length();

    /**
     * Makes all bytes taken so far durable, and tells where they are: the next {@link UploadState#body()}, or the
     * {@link Part#reference()}. An append may be committed again and again, a part once.
     */
    String commit() throws IOException;

    /** Ends the writing: not a byte is written after it returns. What was not committed is given up. */
    @Override
    void close() throws IOException;
}
