// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One line per log record and a few per exception.
 *
 * <p>Many tests make applications and connections fail on purpose, and containers log each with some sixty frames; the
 * first frames of each cause are what one needs when it was not on purpose.
 */
public final class ShortFormatter extends Formatter {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
    private static final int FRAMES = 4;
    private static final int CAUSES = 4;

    @Override
    public String format(LogRecord record) {
        StringBuilder text = new StringBuilder(TIME.format(record.getInstant()))
                .append(' ')
                .append(record.getLevel().getName())
                .append(' ')
                .append(record.getLoggerName())
                .append(": ")
                .append(formatMessage(record))
                .append('\n');
        Throwable cause = record.getThrown();
        for (int i = 0; i < CAUSES && cause != null; i++, cause = cause.getCause()) {
            append(cause, text);
        }
        return text.toString();
    }

    private static void append(Throwable cause, StringBuilder text) {
        text.append("    ").append(cause).append('\n');
        StackTraceElement[] frames = cause.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append("        at ").append(frames[i]).append('\n');
        }
    }
}
