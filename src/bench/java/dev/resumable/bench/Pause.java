// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.concurrent.locks.LockSupport;

/** A pause of the driver. */
final class Pause {

    private Pause() {}

    static void millis(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }
}
