// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

/**
 * A part that is durable and whose hash was right.
 *
 * @param number from 1
 * @param size in bytes
 * @param sha256 of its bytes, as the server computed it, 64 lower-case hexadecimal digits
 * @param reference where its bytes are, as {@link BodyWriter#commit} said; only {@link UploadBodies} knows what it means
 */
public record Part(int number, long size, String sha256, String reference) {}
