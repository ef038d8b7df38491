// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.logging.LogManager;

/**
 * Applies {@code logging.properties} of the test resources once per process.
 *
 * <p>All three containers log to java.util.logging. It is read here and not by a system property, so that a test in an
 * editor is as quiet as one in the build; whoever sets {@code java.util.logging.config.file} is left alone.
 */
final class QuietLogs {
    private static boolean installed;

    private QuietLogs() {}

    static synchronized void install() {
        if (installed || System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        installed = true;
        try (InputStream config = QuietLogs.class.getResourceAsStream("/logging.properties")) {
            LogManager.getLogManager().readConfiguration(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
