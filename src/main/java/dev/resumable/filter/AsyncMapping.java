// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether the filter is mapped to async dispatches.
 *
 * <p>The Servlet API tells nobody for which dispatcher types a filter is registered. So it is believed, as the documentation
 * asks for it, until a dispatch has not come here.
 */
final class AsyncMapping {

    private static final Logger LOG = System.getLogger(AsyncMapping.class.getName());

    private final String filterName;
    private final AtomicBoolean missing = new AtomicBoolean();

    AsyncMapping(String filterName) {
        this.filterName = filterName;
    }

    boolean isBelieved() {
        return !missing.get();
    }

    /** A dispatch of ours was answered by somebody else. */
    void missed() {
        if (missing.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "an async dispatch did not come to the filter \"{0}\": map it to the dispatcher type ASYNC too;"
                            + " until then threads of the application wait for slow clients",
                    filterName);
        }
    }
}
