// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.resumable.testing.ContainerKind;
import java.io.IOException;
import java.util.Set;

/**
 * Lets Jazzer look for inputs that break the laws of {@link FuzzTarget} and {@link ExchangeLaws}.
 *
 * <p>One run of the profile {@code fuzz} fuzzes one method; docs/verification.md tells how.
 */
final class HttpFuzz {
    private static final String DICTIONARY = "/dev/resumable/fuzz/fields.dict";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1");

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void ranges(byte[] input) {
        FuzzTarget.RANGES.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void conditions(byte[] input) {
        FuzzTarget.CONDITIONS.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void httpDate(byte[] input) {
        FuzzTarget.HTTP_DATE.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void contentRange(byte[] input) {
        FuzzTarget.CONTENT_RANGE.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void structuredFields(byte[] input) {
        FuzzTarget.STRUCTURED_FIELDS.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void accept(byte[] input) {
        FuzzTarget.ACCEPT.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void acceptEncoding(byte[] input) {
        FuzzTarget.ACCEPT_ENCODING.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void contentDisposition(byte[] input) {
        FuzzTarget.CONTENT_DISPOSITION.check(input);
    }

    @FuzzTest
    @DictionaryFile(resourcePath = DICTIONARY)
    void exchange(byte[] input) throws IOException {
        // Jazzer takes any connection for a finding unless it is told.
        try (SilentCloseable allowed = BugDetectors.allowNetworkConnections((host, port) -> LOOPBACK.contains(host))) {
            Exchanges.LAWS.check(input);
        }
    }

    /** Started with the first input, ended with the process. */
    private static final class Exchanges {
        static final ExchangeLaws LAWS = start();

        private static ExchangeLaws start() {
            try {
                return ExchangeLaws.on(ContainerKind.TOMCAT);
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }
}
