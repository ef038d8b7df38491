// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of answers that broke. */
final class ProxyEvents {

    private final LongAdder resumed = new LongAdder();
    private final LongAdder notResumed = new LongAdder();
    private final LongAdder bytesSaved = new LongAdder();

    /** An answer goes on after so many bytes, which the client need not fetch again. */
    void resumed(long bytes) {
        resumed.increment();
        bytesSaved.add(bytes);
    }

    /** An answer ended after so many bytes. */
    void notResumed(long bytes) {
        notResumed.increment();
    }

    long resumes() {
        return resumed.sum();
    }

    long failures() {
        return notResumed.sum();
    }

    long bytesSaved() {
        return bytesSaved.sum();
    }
}
