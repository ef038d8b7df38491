// SPDX-License-Identifier: Apache-2.0
/**
 * Benchmarks against peers: {@code ./mvnw -Pbench}, or {@code ./mvnw -Pbench -Dbench.quick} to see in three minutes that they work.
 *
 * <p>{@link dev.resumable.bench.Benchmarks} tells the story. Every server is a process of its own with the same flags; the load
 * comes from this one. All servers of a container run at once and are measured in turns, so that whatever else the machine does
 * hits all of them, and what is reported are ratios of neighbouring rounds.
 */
@NullMarked
package dev.resumable.bench;

import org.jspecify.annotations.NullMarked;
