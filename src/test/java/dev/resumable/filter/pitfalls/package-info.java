// SPDX-License-Identifier: Apache-2.0
/**
 * Ways in which wrapping filters break applications, each with its number, on every embedded container.
 *
 * <p>Most tests run one application twice, behind the filter and alone, and compare what a raw client and the application
 * itself see.
 */
@NullMarked
package dev.resumable.filter.pitfalls;

import org.jspecify.annotations.NullMarked;
