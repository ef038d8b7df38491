// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntityTagTest {
    @ParameterizedTest(name = "RFC 9110 §8.8.3: {0} is a strong tag")
    @CsvSource(delimiter = '|', textBlock = """
                    "xyzzy"        | xyzzy
                    ""             | ''
                    "W/"           | W/
                    "a,b"          | a,b
                    "a\\b"         | a\\b
                    "!#~"          | !#~
                    "\u0080\u00FF" | \u0080\u00FF
                    ' \t"a"\t '    | a
                    """)
    void readsStrongTags(String fieldValue, String opaque) {
        assertThat(EntityTag.parse(fieldValue)).contains(EntityTag.strong(opaque));
    }

    @ParameterizedTest(name = "RFC 9110 §8.8.3: {0} is a weak tag")
    @CsvSource(delimiter = '|', textBlock = """
                    W/"xyzzy" | xyzzy
                    W/""      | ''
                    ' W/"a" ' | a
                    """)
    void readsWeakTags(String fieldValue, String opaque) {
        assertThat(EntityTag.parse(fieldValue)).contains(EntityTag.weak(opaque));
    }

    @ParameterizedTest(name = "RFC 9110 §8.8.3: <{0}> is no entity tag")
    @ValueSource(
            strings = {
                "",
                " ",
                "*",
                "xyzzy",
                "'xyzzy'",
                "\"",
                "\"a",
                "a\"",
                "\"a\"b",
                "\"a\" \"b\"",
                "\"a\", \"b\"",
                "\"a\"\"",
                "\"a b\"",
                "\"a\tb\"",
                "\"a\u007F\"",
                "\"a\u0100\"",
                "\"a\u0000\"",
                "w/\"a\"",
                "W\"a\"",
                "W/ \"a\"",
                "W /\"a\"",
                "W/",
                "W",
                "/\"a\"",
                "W/a",
                "\n\"a\""
            })
    void refusesAnythingElse(String fieldValue) {
        assertThat(EntityTag.parse(fieldValue)).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9110 §8.8.3.2: {0} and {1}: strongly {2}, weakly {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    W/"1" | W/"1" | false | true
                    W/"1" | W/"2" | false | false
                    W/"1" | "1"   | false | true
                    "1"   | W/"1" | false | true
                    "1"   | "1"   | true  | true
                    "1"   | "2"   | false | false
                    "a"   | "A"   | false | false
                    """)
    void comparesStronglyAndWeakly(String one, String other, boolean strongly, boolean weakly) {
        EntityTag tag = EntityTag.parse(one).orElseThrow();
        EntityTag otherTag = EntityTag.parse(other).orElseThrow();
        assertThat(tag.matchesStrongly(otherTag)).isEqualTo(strongly);
        assertThat(tag.matchesWeakly(otherTag)).isEqualTo(weakly);
    }

    @Test
    void tellsItsStrength() {
        assertThat(EntityTag.strong("a").isStrong()).isTrue();
        assertThat(EntityTag.strong("a").isWeak()).isFalse();
        assertThat(EntityTag.weak("a").isStrong()).isFalse();
        assertThat(EntityTag.weak("a").isWeak()).isTrue();
        assertThat(EntityTag.weak("a").opaque()).isEqualTo("a");
    }

    @Test
    void printsTheFieldValue() {
        assertThat(EntityTag.strong("v1")).hasToString("\"v1\"");
        assertThat(EntityTag.weak("v1")).hasToString("W/\"v1\"");
    }

    @Test
    void equalsBySpelling() {
        assertThat(EntityTag.strong("a"))
                .isEqualTo(EntityTag.strong("a"))
                .hasSameHashCodeAs(EntityTag.strong("a"))
                .isNotEqualTo(EntityTag.strong("b"))
                .isNotEqualTo(EntityTag.weak("a"))
                .doesNotHaveSameHashCodeAs(EntityTag.weak("a"))
                .isNotEqualTo("\"a\"");
    }

    @ParameterizedTest(name = "character {0} cannot be part of a tag")
    @ValueSource(ints = {0, '\t', '\n', ' ', '"', 0x7F, 0x100, '€'})
    void factoriesRefuseOtherCharacters(int character) {
        String opaque = "a" + (char) character;
        assertThatIllegalArgumentException().isThrownBy(() -> EntityTag.strong(opaque));
        assertThatIllegalArgumentException().isThrownBy(() -> EntityTag.weak(opaque));
    }

    @ParameterizedTest(name = "character {0} can be part of a tag")
    @ValueSource(ints = {'!', '#', '~', 0x80, 0xFF})
    void factoriesAcceptTagCharacters(int character) {
        String opaque = "a" + (char) character;
        assertThat(EntityTag.strong(opaque).opaque()).isEqualTo(opaque);
        assertThat(EntityTag.weak(opaque).opaque()).isEqualTo(opaque);
    }
}
