// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.time.Duration;

/**
 * How long all is measured.
 *
 * @param mode the name of these settings, for the report
 * @param rounds how often each contestant has its turn
 * @param turn how long a turn lasts at least; the request that is under way is finished
 * @param warmUp how long each contestant is warmed up before its first turn
 * @param warmUpRequests how many small requests it must have answered by then: compilers need calls, not seconds
 * @param patience how long an answer is waited for
 * @param proxiedLength how many bytes a download through a proxy has
 * @param upload how many bytes a large upload has
 */
record Settings(
        String mode,
        int rounds,
        Duration turn,
        Duration warmUp,
        int warmUpRequests,
        Duration patience,
        long proxiedLength,
        long upload) {

    /** Figures that may be told to others, within some 30 minutes. */
    static Settings full() {
        return new Settings(
                "full",
                5,
                Duration.ofMillis(700),
                Duration.ofMillis(1_500),
                120_000,
                Duration.ofSeconds(5),
                1L << 30,
                1L << 30);
    }

    /** No figures, but every path is run once, within three minutes. */
    static Settings quick() {
        return new Settings(
                "quick",
                1,
                Duration.ofMillis(100),
                Duration.ofMillis(100),
                64,
                Duration.ofSeconds(1),
                64L << 20,
                16L << 20);
    }
}
