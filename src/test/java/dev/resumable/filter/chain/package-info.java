// SPDX-License-Identifier: Apache-2.0

/** Static files that go through the chain, past filters that may want to know or to change anything of them. */
@NullMarked
package dev.resumable.filter.chain;

import org.jspecify.annotations.NullMarked;
