// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.io.IOException;
import java.time.Duration;

/** How long something takes at best: what waits for others takes long each time, on a busy machine all else does only sometimes. */
final class Fastest {

    private Fastest() {}

    /** What is measured. */
    interface Step {
        void run() throws IOException;
    }

    /** The shortest time of so many. */
    static Duration of(int times, Step step) throws IOException {
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < times; i++) {
            long begun = System.nanoTime();
            step.run();
            fastest = Math.min(fastest, System.nanoTime() - begun);
        }
        return Duration.ofNanos(fastest);
    }
}
