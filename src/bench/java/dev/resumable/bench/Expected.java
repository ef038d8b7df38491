// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;

/** What every answer must be, so that nobody wins by doing something else. */
record Expected(int status, long bytes) {

    void check(Reply reply) throws IOException {
        if (reply.head().status() != status || reply.bytes() != bytes) {
            throw new WrongAnswerException("answers " + reply.head().status() + " with " + reply.bytes() + " bytes");
        }
    }
}
