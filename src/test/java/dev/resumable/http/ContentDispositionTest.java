// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDispositionTest {
    @ParameterizedTest(name = "RFC 6266 §4.3: <{0}> is written as it is")
    @ValueSource(
            strings = {
                "report.pdf",
                "two words.txt",
                "it's (1) [2] {3}.txt",
                "a;b=c,d",
                "!~",
                ".hidden",
                "...",
                "..a",
                "a..",
                " "
            })
    void writesPrintableAsciiAsItIs(String name) {
        assertThat(ContentDisposition.attachment(name)).isEqualTo("attachment; filename=\"" + name + "\"");
    }

    @ParameterizedTest(name = "RFC 8187 §3.2: <{0}> is {1}, exactly {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    naïve.txt   | na_ve.txt   | na%C3%AFve.txt
                    € rates     | _ rates     | %E2%82%AC%20rates
                    файл        | ____        | %D1%84%D0%B0%D0%B9%D0%BB
                    😀.png      | _.png       | %F0%9F%98%80.png
                    100%.txt    | 100_.txt    | 100%25.txt
                    a%41.txt    | a_41.txt    | a%2541.txt
                    say "hi"    | say _hi_    | say%20%22hi%22
                    é!#$&+-.^_~ | _!#$&+-.^_~ | %C3%A9!#$&+-.^_~
                    é*'()<>@,;: | _*'()<>@,;: | %C3%A9%2A%27%28%29%3C%3E%40%2C%3B%3A
                    é[]{}?=`z09 | _[]{}?=`z09 | %C3%A9%5B%5D%7B%7D%3F%3D`z09
                    \u00A0      | _           | %C2%A0
                    """)
    void addsTheExactNameWhereAsciiIsNotEnough(String name, String ascii, String extended) {
        assertThat(ContentDisposition.attachment(name))
                .isEqualTo("attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + extended);
    }

    @Test
    void aVerticalBarStandsForItself() {
        assertThat(ContentDisposition.attachment("é|"))
                .isEqualTo("attachment; filename=\"_|\"; filename*=UTF-8''%C3%A9|");
    }

    @Test
    void unsafeCharactersAreReplacedInBothNames() {
        assertThat(ContentDisposition.attachment("../../etc/passwd"))
                .isEqualTo("attachment; filename=\".._.._etc_passwd\"");
        assertThat(ContentDisposition.attachment("C:\\a\\é"))
                .isEqualTo("attachment; filename=\"C:_a__\"; filename*=UTF-8''C%3A_a_%C3%A9");
    }

    @ParameterizedTest(name = "character {0} never reaches the client")
    @ValueSource(
            ints = {
                0, '\t', '\n', '\r', 0x1F, 0x7F, 0x80, 0x9F, '/', '\\', 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D,
                0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0xD800, 0xDBFF, 0xDC00, 0xDFFF
            })
    void replacesUnsafeCharacters(int character) {
        assertThat(ContentDisposition.inline("a" + (char) character + "b")).isEqualTo("inline; filename=\"a_b\"");
    }

    @Test
    void pairedSurrogatesAreOneCharacter() {
        assertThat(ContentDisposition.inline("\uD83D\uDE00\uDE00"))
                .isEqualTo("inline; filename=\"__\"; filename*=UTF-8''%F0%9F%98%80_");
    }

    @Test
    void namesOfDirectoriesAreNoFileNames() {
        assertThat(ContentDisposition.attachment(".")).isEqualTo("attachment; filename=\"_\"");
        assertThat(ContentDisposition.attachment("..")).isEqualTo("attachment; filename=\"__\"");
    }

    @Test
    void anEmptyNameIsLeftOut() {
        assertThat(ContentDisposition.attachment("")).isEqualTo("attachment");
        assertThat(ContentDisposition.inline("")).isEqualTo("inline");
    }

    @Test
    void theValueIsAlwaysVisibleAscii() {
        Random random = new Random(6266);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                name.append((char) random.nextInt(0x10000));
            }
            assertThat(ContentDisposition.attachment(name.toString()))
                    .matches(value -> value.chars().allMatch(c -> ' ' <= c && c <= '~' && c != '\\'), "visible ASCII")
                    .matches(value -> value.chars().filter(c -> c == '"').count() % 2 == 0, "balanced quotes");
        }
    }
}
