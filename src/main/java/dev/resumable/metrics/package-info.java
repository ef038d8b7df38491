// SPDX-License-Identifier: Apache-2.0
/** What transfers tell those who watch them: a listener, and the words for what becomes of a request. */
@NullMarked
package dev.resumable.metrics;

import org.jspecify.annotations.NullMarked;
