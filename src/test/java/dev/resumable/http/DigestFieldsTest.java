// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DigestFieldsTest {
    /** The representation of RFC 9530 §B.1: a JSON object and a line feed. */
    private static final byte[] DIGEST = sha256Of("{\"hello\": \"world\"}\n");

    private static final String FIELD = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

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
                "sha-256=\"RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=\"",
                "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=",
                "sha-256=::",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabA==:",
                "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDhv:",
                "sha-512=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
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

    private static byte[] sha256Of(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("Every Java platform has SHA-256", e);
        }
    }
}
