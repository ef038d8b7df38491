// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

/** How far an upload is; it only ever moves on. */
public enum UploadStatus {
    /** Takes bytes. */
    OPEN,
    /** All bytes are there and hashed; the file is being put into the catalogue, which is done again after a crash. */
    COMPLETING,
    /** The file is in the catalogue; the state is kept to answer a repeated completion alike. */
    COMPLETE
}
