// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;

/** There is no room for more bytes: the disk is full, or a quota of the system is used up. */
public final class StorageFullException extends IOException {

    private static final long serialVersionUID = 1L;

    /** With what the store said. */
    public StorageFullException(Throwable cause) {
        super("no space left for uploads", cause);
    }
}
