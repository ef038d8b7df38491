// SPDX-License-Identifier: Apache-2.0

/**
 * Real containers, a byte-exact client and broken networks for the servlet tests.
 *
 * <p>Nothing here imports the library: the harness reads the specifications on its own, so that a mistake of the library
 * is not repeated in the judge.
 */
@NullMarked
package dev.resumable.testing;

import org.jspecify.annotations.NullMarked;
