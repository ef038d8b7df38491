// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets all tests wait longer for what comes soon on an idle machine; {@code META-INF/services} and JUnit's properties name it. */
public final class PatientWaits implements BeforeAllCallback {
    /** Below 20 s, after which containers end by themselves much of what a test waits for. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** For JUnit. */
    public PatientWaits() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultTimeout(PATIENCE);
    }
}
