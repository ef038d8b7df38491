// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servlet 6.0 §12.2. */
@DisplayName("a path pattern")
final class PathPatternTest {

    @ParameterizedTest(name = "§12.2: {0} and {1}: {2}")
    @CsvSource({
        "/a/*, /a, true",
        "/a/*, /a/, true",
        "/a/*, /a/b/c, true",
        "/a/*, /ab, false",
        "/a/*, /A/b, false",
        "/a/*, /b/a/c, false",
        "/*, /, true",
        "/*, /a/b, true",
        "/*, '', true",
        "*.bin, /a.bin, true",
        "*.bin, /a/b.c.bin, true",
        "*.bin, /abin, false",
        "*.bin, /a.bin/b, false",
        "*.bin, /a.BIN, false",
        "/, /a/b, true",
        "/, /, true",
        "/a, /a, true",
        "/a, /a/, false",
        "/a, /a/b, false",
        "/a/, /a/, true"
    })
    @DisplayName("matches")
    void matches(String pattern, String path, boolean expected) {
        assertThat(PathPattern.parse(pattern).orElseThrow().matches(path)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "§12.2: {0}")
    @ValueSource(strings = {"", "a", "*", "a/*", "/a*", "/*/a", "/a/*/b/*", "*.", "*.a/b", "*.*", "/a.*", "*a", "**"})
    @DisplayName("is refused")
    void malformed(String pattern) {
        assertThat(PathPattern.parse(pattern)).isEmpty();
    }
}
