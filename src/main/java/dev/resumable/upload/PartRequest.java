// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.util.OptionalLong;

/**
 * What a request wants to put into a part.
 *
 * @param number the part, from 1
 * @param contentLength the bytes of its body, if they are announced
 * @param digests what the body is checked against
 */
record PartRequest(int number, OptionalLong contentLength, BodyDigests digests) {}
