// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

/** Where the bytes of an answer come from. */
enum BodyKind {
    /** A file that the filter reads itself. */
    FILE,
    /** A response that was kept to its end. */
    SPOOLED,
    /** A response that is cut while it passes. */
    SELECTING
}
