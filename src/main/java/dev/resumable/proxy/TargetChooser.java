// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Chooses the upstream server of a request; called by many threads. */
@FunctionalInterface
public interface TargetChooser {

    /** The base URL to which the path of the request is joined. */
    UpstreamUri choose(HttpServletRequest request);

    /**
     * One base after the other.
     *
     * @throws IllegalArgumentException if there is none
     */
    static TargetChooser roundRobin(List<UpstreamUri> bases) {
        List<UpstreamUri> all = List.copyOf(bases);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no target to choose from");
        }
        AtomicInteger next = new AtomicInteger();
        return request -> all.get(Math.floorMod(next.getAndIncrement(), all.size()));
    }
}
