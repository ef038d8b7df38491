// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;

/** A contestant does not do what is measured. */
final class WrongAnswerException extends IOException {

    private static final long serialVersionUID = 1L;

    WrongAnswerException(String message) {
        super(message);
    }
}
