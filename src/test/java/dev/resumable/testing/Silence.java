// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.HashMap;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the log quiet while thousands of failures are made on purpose; each would be a stack trace. */
public final class Silence implements AutoCloseable {

    // The handlers and not the levels of loggers: one container gives its loggers levels of their own.
    private final Map<Handler, Level> before = new HashMap<>();

    private Silence() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            before.put(handler, handler.getLevel());
            handler.setLevel(Level.OFF);
        }
    }

    /** Begins; only once a container runs, since the first one of a process reads the configuration of the log. */
    public static Silence begin() {
        return new Silence();
    }

    @Override
    public void close() {
        before.forEach(Handler::setLevel);
    }
}
