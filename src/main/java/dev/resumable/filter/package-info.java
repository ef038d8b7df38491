// SPDX-License-Identifier: Apache-2.0
/**
 * Makes whatever an application sends resumable: {@link dev.resumable.filter.RangeServletFilter} is the door.
 *
 * <p>The story of a request is told in {@code RangeExchange}: the application runs behind wrappers that watch and decide
 * nothing; at the moment when its response would be committed, the exchange chooses how the body goes on: spooled, cut
 * while it streams, or untouched.
 */
@NullMarked
package dev.resumable.filter;

import org.jspecify.annotations.NullMarked;
