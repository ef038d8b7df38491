// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The work of a thread, which says more of an algorithm than the time on a clock, where others keep the machine busy. */
public final class CpuTime {
    private CpuTime() {}

    /** Does it on this thread, and fails if it keeps a processor busy for longer than that. */
    public static void assertWithin(Duration bound, String what, ThrowingCallable work) throws Throwable {
        long before = now();
        work.call();
        assertThat(Duration.ofNanos(now() - before))
                .as("processor time of %s", what)
                .isLessThan(bound);
    }

    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
