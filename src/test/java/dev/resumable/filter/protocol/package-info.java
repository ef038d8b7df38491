// SPDX-License-Identifier: Apache-2.0

/**
 * The filter in front of applications and clients that use HTTP to its limits; each test names the pitfall that it guards
 * against by its number.
 */
@NullMarked
package dev.resumable.filter.protocol;

import org.jspecify.annotations.NullMarked;
