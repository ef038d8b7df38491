// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all exchanges of a filter share. */
final class Quota {

    private final long limit;
    private final AtomicLong reserved = new AtomicLong();

    Quota(long limit) {
        this.limit = limit;
    }

    /** Takes bytes; false if they are not there, and none is taken. */
    boolean reserve(long bytes) {
        while (true) {
            long before = reserved.get();
            if (bytes > limit - before) {
                return false;
            }
            if (reserved.compareAndSet(before, before + bytes)) {
                return true;
            }
        }
    }

    void release(long bytes) {
        reserved.addAndGet(-bytes);
    }

    long reservedBytes() {
        return reserved.get();
    }

    long limit() {
        return limit;
    }
}
