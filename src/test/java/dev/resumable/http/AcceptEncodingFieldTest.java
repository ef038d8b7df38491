// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptEncodingFieldTest {
    @ParameterizedTest(name = "RFC 9110 §12.5.3: <{0}> likes gzip with {1} and no coding with {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    (none)                             | 0    | 1
                    ''                                 | 0    | 1
                    ', ,'                              | 0    | 1
                    gzip                               | 1000 | 1
                    GZip                               | 1000 | 1
                    x-gzip                             | 1000 | 1
                    X-GZIP;q=0.5                       | 500  | 1
                    gzip;q=0                           | 0    | 1
                    gzip;q=0.000                       | 0    | 1
                    gzip;q=0.001                       | 1    | 1
                    gzip;q=1.000                       | 1000 | 1
                    gzip ;\tQ=0.3                      | 300  | 1
                    compress, gzip                     | 1000 | 1
                    br;q=1.0, gzip;q=0.8, *;q=0.1      | 800  | 100
                    deflate, br, zstd                  | 0    | 1
                    identity                           | 0    | 1000
                    identity;q=0                       | 0    | 0
                    identity;q=0.5, gzip;q=1.0         | 1000 | 500
                    identity;q=0, gzip                 | 1000 | 0
                    Identity;q=0, gzip                 | 1000 | 0
                    gzip;q=1.0, identity;q=0.5, *;q=0  | 1000 | 500
                    *                                  | 1000 | 1000
                    *;q=0                              | 0    | 0
                    *;q=0, gzip                        | 1000 | 0
                    gzip, *;q=0                        | 1000 | 0
                    gzip;q=0, *                        | 0    | 1000
                    *;q=0.5, identity;q=0              | 500  | 0
                    *;q=0, identity;q=0.2              | 0    | 200
                    gzip;q=0.9, gzip;q=0.2             | 200  | 1
                    gzip, x-gzip;q=0                   | 0    | 1
                    gzip;q=0⏎identity                  | 0    | 1000
                    deflate⏎gzip;q=0.5                 | 500  | 1
                    deflate⏎⏎gzip                      | 1000 | 1
                    """)
    void readsWeights(String lines, int gzip, int identity) {
        AcceptEncodingField field = AcceptEncodingField.parse(FieldText.lines(lines));
        assertThat(field.quality("gzip")).isEqualTo(gzip);
        assertThat(field.quality("identity")).isEqualTo(identity);
        assertThat(field.accepts("gzip")).isEqualTo(gzip > 0);
        assertThat(field.accepts("identity")).isEqualTo(identity > 0);
        assertThat(field.prefers("gzip")).isEqualTo(gzip > 0 && gzip >= identity);
    }

    @ParameterizedTest(name = "RFC 9110 §12.5.3: <{0}> is malformed and ignored, what stands beside it is not")
    @ValueSource(
            strings = {
                "gzip;q",
                "gzip;q=",
                "gzip;q =0.5",
                "gzip;q= 0.5",
                "gzip;q=2",
                "gzip;q=1.001",
                "gzip;q=0.1234",
                "gzip;q=00",
                "gzip;q=.5",
                "gzip;q=-0.5",
                "gzip;q=+0.5",
                "gzip;q=0.5x",
                "gzip;q=\"0.5\"",
                "gzip;q=0.5;q=0.5",
                "gzip;q=0.5;level=1",
                "gzip;level=1",
                "gzip;",
                "gzip;;q=1",
                "gzip gzip",
                "gzip/1",
                "(gzip)",
                "\"gzip\"",
                ";q=1",
                "=",
                "gzip\u00e9",
                "gzip\0"
            })
    void ignoresMalformedMembers(String member) {
        assertThat(parse(member).accepts("gzip")).isFalse();
        assertThat(parse(member + ", br;q=0.3").quality("br")).isEqualTo(300);
        assertThat(parse("br;q=0.3," + member).quality("br")).isEqualTo(300);
        assertThat(parse(member + ", gzip;q=0.4").quality("gzip")).isEqualTo(400);
    }

    @ParameterizedTest(name = "RFC 9110 §8.4.1: {0} is {1}")
    @CsvSource({"x-gzip, gzip", "x-compress, compress", "X-Compress, compress"})
    void knowsNamesOfOld(String old, String today) {
        assertThat(parse(old + ";q=0.7").quality(today)).isEqualTo(700);
    }

    private static AcceptEncodingField parse(String line) {
        return AcceptEncodingField.parse(FieldText.lines(line));
    }
}
