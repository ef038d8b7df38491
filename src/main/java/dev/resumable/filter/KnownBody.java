// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.RepresentationMetadata;

/**
 * A body whose length and strong tag are known before its first byte.
 *
 * @param confirmation tells at its end whether the bytes were those that the tag names
 */
record KnownBody(RepresentationMetadata metadata, Selecting.Confirmation confirmation) {}
