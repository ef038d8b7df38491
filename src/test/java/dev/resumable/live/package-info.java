// SPDX-License-Identifier: Apache-2.0
/** Random live requests, judged by an oracle that shares nothing with the code under test. */
@NullMarked
package dev.resumable.live;

import org.jspecify.annotations.NullMarked;
