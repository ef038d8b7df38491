// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where requests wait for others, each with a thread: one room for each owner, so that none can take the threads of all. */
final class WaitingRooms {

    /** More than any client needs that sends side by side; past this many the next one is told to come back. */
    static final int PLACES = 16;

    private final Map<String, Integer> waiting = new ConcurrentHashMap<>();

    /** Whether one more request of this owner may wait; {@link #leave} must follow then. */
    boolean enter(String owner) {
        int[] places = {0};
        waiting.compute(owner, (key, present) -> {
            int before = present == null ? 0 : present;
            places[0] = PLACES - before;
            return places[0] > 0 ? before + 1 : before;
        });
        return places[0] > 0;
    }

    /** A request of this owner waits no longer. */
    void leave(String owner) {
        waiting.computeIfPresent(owner, (key, present) -> present == 1 ? null : present - 1);
    }
}
