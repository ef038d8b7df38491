// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Makes Tomcat hand long writes to the system as they come, by reflection.
 *
 * <p>It copies them through a buffer of 8 KiB, with a call of the system for each; that costs a third of the processor time of a
 * relay. A connection takes two wider buffers for it, which it keeps. Where it cannot be done, nothing changes.
 */
public final class WideWrites {

    private static final Logger LOG = System.getLogger(WideWrites.class.getName());

    private WideWrites() {}

    /** For the connection of this request, while nothing else reads from it or writes to it. */
    public static void allow(ServletRequest request, int bytes) {
        ServletRequest innermost = TomcatObjects.innermost(request);
        if (!TomcatObjects.hasConnection(innermost)) {
            return;
        }
        try {
            TomcatObjects.widen(innermost, bytes);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "Tomcat writes in pieces: {0}", e.toString());
        }
    }
}
