// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

/**
 * A response that was read to its end.
 *
 * @param bytes of its body
 */
record Reply(ReplyHead head, long bytes) {}
