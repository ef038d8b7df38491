// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Catches the warnings of one class in place of the log. */
public final class Warnings extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> caught = new CopyOnWriteArrayList<>();

    private Warnings(Logger logger) {
        this.logger = logger;
    }

    /** Begins. */
    public static Warnings of(Class<?> type) {
        Warnings warnings = new Warnings(Logger.getLogger(type.getName()));
        warnings.logger.addHandler(warnings);
        warnings.logger.setUseParentHandlers(false);
        return warnings;
    }

    /** The messages up to now, without their parameters. */
    public List<String> caught() {
        return caught;
    }

    @Override
    public void publish(LogRecord entry) {
        if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
            caught.add(entry.getMessage());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
