// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown when a file is no longer in the state whose validators were computed; nothing was sent of it. */
final class StaleFileException extends IOException {

    private static final long serialVersionUID = 1L;

    StaleFileException(Path path) {
        super("changed while it was being answered: " + path.getFileName());
    }
}
