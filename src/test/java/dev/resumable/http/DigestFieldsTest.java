// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestFieldsTest {
    /** The example of RFC 9530 §B.1: the digest of <code>{"hello": "world"}</code> and a line feed. */
    private static final byte[] DIGEST =
            HexFormat.of().parseHex("ae5d7eca4a9b4ce01e5c3e47ff5fd5cbb6ff4a4ef9bff0e8d5efb2a3ed5f9c6f");

    private static final String FIELD = "sha-256=:rl1+ykqbTOAeXD5H/1/Vy7b/Sk75v/Do1e+yo+1fnG8=:";

    @Test
    void writesADigest() {
        assertThat(DigestFields.sha256(DIGEST)).isEqualTo(FIELD);
    }

    @ParameterizedTest(name = "{0} bytes are no SHA-256")
    @ValueSource(ints = {0, 31, 33, 64})
    void refusesOtherLengths(int length) {
        assertThatIllegalArgumentException().isThrownBy(() -> DigestFields.sha256(new byte[length]));
    }

    @ParameterizedTest(name = "RFC 9530 §4: <{0}> wants SHA-256: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    sha-256=1               | true
                    sha-256=10              | true
                    sha-256=3, sha-512=10   | true
                    sha-512=3⏎sha-256=10    | true
                    sha-256=0, sha-256=1    | true
                    unixsum=a, sha-256=5    | true
                    sha-256=5;x=1           | true
                    sha-256=0               | false
                    sha-256=-1              | false
                    sha-256=11              | false
                    sha-256=1, sha-256=0    | false
                    sha-512=10              | false
                    sha-256                 | false
                    sha-256=1.0             | false
                    sha-256="1"             | false
                    sha-256=?1              | false
                    sha-256=:AQ==:          | false
                    SHA-256=1               | false
                    sha-256=1,              | false
                    sha-256=1; sha-512=2, ! | false
                    (none)                  | false
                    ''                      | false
                    """)
    void readsWhatIsWanted(String lines, boolean wanted) {
        assertThat(DigestFields.wantsSha256(FieldText.lines(lines))).isEqualTo(wanted);
    }

    @ParameterizedTest(name = "RFC 9530 §2, §3: <{0}> has the digest")
    @ValueSource(
            strings = {
                FIELD,
                "sha-512=:AQ==:, " + FIELD,
                FIELD + "⏎md5=:AQ==:",
                FIELD + ";x=1",
                "sha-256=:AQ==:, " + FIELD
            })
    void readsADigest(String lines) {
        assertThat(DigestFields.sha256In(FieldText.lines(lines)))
                .hasValueSatisfying(digest -> assertThat(digest).isEqualTo(DIGEST));
    }

    @ParameterizedTest(name = "RFC 9530 §2, §3: <{0}> has no digest")
    @ValueSource(
            strings = {
                "(none)",
                "",
                "sha-256",
                "sha-256=1",
                "sha-256=\"rl1+ykqbTOAeXD5H/1/Vy7b/Sk75v/Do1e+yo+1fnG8=\"",
                "sha-256=rl1+ykqbTOAeXD5H/1/Vy7b/Sk75v/Do1e+yo+1fnG8=",
                "sha-256=::",
                "sha-256=:rl1+ykqbTOAeXD5H/1/Vy7b/Sk75v/Do1e+yo+1fnA==:",
                "sha-256=:rl1+ykqbTOAeXD5H/1/Vy7b/Sk75v/Do1e+yo+1fnG9v:",
                "sha-512=:rl1+ykqbTOAeXD5H/1/Vy7b/Sk75v/Do1e+yo+1fnG8=:",
                FIELD + ",",
                FIELD + ", sha-256=1"
            })
    void ignoresAnythingElse(String lines) {
        assertThat(DigestFields.sha256In(FieldText.lines(lines))).isEmpty();
    }

    @Test
    void readsWhatItWrites() {
        assertThat(DigestFields.sha256In(List.of(DigestFields.sha256(DIGEST))))
                .hasValueSatisfying(digest -> assertThat(digest).isEqualTo(DIGEST));
    }
}
