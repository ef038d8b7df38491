// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that may be looked up, on both kinds of file system wherever the test runs. */
class NameRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a.txt", ".hidden", "...", "..a", "a b", "ü", "\uD83D\uDE00", "%2e%2e", "~", "null", "com"})
    void isPlainEverywhere(String name) {
        assertThat(NameRules.POSIX.allows(name)).isTrue();
        assertThat(NameRules.WINDOWS.allows(name)).isEqualTo(!name.equals("..."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "..\\a", "\\", "a\u0000", "\u0000", "\uD83D", "a\uDE00b"})
    void isRefusedEverywhere(String name) {
        assertThat(NameRules.POSIX.allows(name)).isFalse();
        assertThat(NameRules.WINDOWS.allows(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a.txt::$DATA",
                "C:",
                "c:a",
                "a.txt.",
                "a.txt ",
                ". ",
                ".. ",
                ".. .",
                "a?",
                "a*",
                "a|b",
                "<a>",
                "\"a\"",
                "a\tb",
                "nul",
                "NUL.txt",
                "con",
                "Aux.a.b",
                "com1",
                "COM\u00B9.log",
                "lpt9 .txt",
                "CONOUT$",
                "prn"
            })
    void meansSomethingElseOnWindows(String name) {
        assertThat(NameRules.POSIX.allows(name)).isTrue();
        assertThat(NameRules.WINDOWS.allows(name)).isFalse();
    }
}
