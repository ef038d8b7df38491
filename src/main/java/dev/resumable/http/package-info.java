// SPDX-License-Identifier: Apache-2.0

/**
 * The HTTP semantics of resumable transfer as pure values and decisions: text in, value or decision out.
 *
 * <p>Field values are parsed here (ranges, validators, conditions, digests, dates) and the decisions of RFC 9110 are
 * taken here ({@link dev.resumable.http.Preconditions}, {@link dev.resumable.http.IfRange},
 * {@link dev.resumable.http.RangeSelection}), without servlets, files or any other input and output.
 *
 * <p>Every parser takes the field lines as they came, needs time linear in their length, uses no regular expression
 * and never throws for what a client sent: a malformed value is an empty {@link java.util.Optional} or a sealed result
 * of its own. Field values are expected as servlet containers hand them out, one {@code char} per octet.
 */
@NullMarked
package dev.resumable.http;

import org.jspecify.annotations.NullMarked;
