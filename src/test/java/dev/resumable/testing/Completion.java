// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

/** How the reading of a response ended. */
public enum Completion {
    /** The whole body arrived, as its framing says. */
    COMPLETE,
    /** The connection ended or was reset before the body did. */
    TRUNCATED,
    /** Nothing came for the time-out of the client, and the body is not at its end. */
    TIMED_OUT,
    /** The test itself read only a part. */
    ABANDONED
}
