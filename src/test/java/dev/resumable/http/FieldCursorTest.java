// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldCursorTest {
    @Test
    void combinesFieldLinesAsRfc9110Section53Says() {
        assertThat(rest(FieldCursor.over(List.of()))).isEmpty();
        assertThat(rest(FieldCursor.over(List.of("a")))).isEqualTo("a");
        assertThat(rest(FieldCursor.over(List.of("a", "", "b")))).isEqualTo("a, , b");
    }

    @Test
    void looksAtACharacterBeforeMovingPastIt() {
        FieldCursor cursor = FieldCursor.over("ab");
        assertThat(cursor.peek()).isEqualTo('a');
        assertThat(cursor.skip('b')).isFalse();
        assertThat(cursor.skip('a')).isTrue();
        assertThat(cursor.atEnd()).isFalse();
        assertThat(cursor.next()).isEqualTo('b');
        assertThat(cursor.atEnd()).isTrue();
        assertThat(cursor.peek()).isEqualTo(FieldCursor.END);
        assertThat(cursor.next()).isEqualTo(FieldCursor.END);
        assertThat(cursor.atEnd()).isTrue();
        assertThat(cursor.skip('b')).isFalse();
    }

    @Test
    void skipsSpacesAndTabsOnlyAsWhitespace() {
        assertThat(rest(FieldCursor.over(" \t \tx ").skipWhitespace())).isEqualTo("x ");
        assertThat(rest(FieldCursor.over("\nx").skipWhitespace())).isEqualTo("\nx");
        assertThat(FieldCursor.over(" \t").skipWhitespace().atEnd()).isTrue();
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.2: the token of <{0}> is <{1}>")
    @CsvSource(delimiter = '|', textBlock = """
                    azAZ09              | azAZ09
                    !#$%&'*+-.^_`~ rest | !#$%&'*+-.^_`~
                    a,b                 | a
                    a=b                 | a
                    a;b                 | a
                    a/b                 | a
                    "a"                 | ''
                    (a)                 | ''
                    [a]                 | ''
                    {a}                 | ''
                    @a                  | ''
                    äö                  | ''
                    """)
    void readsTheLongestToken(String text, String token) {
        assertThat(FieldCursor.over(text).token()).isEqualTo(token);
    }

    @Test
    void aVerticalBarIsATokenCharacter() {
        assertThat(FieldCursor.over("|a").token()).isEqualTo("|a");
    }

    @ParameterizedTest(name = "character {0} delimits a token")
    @ValueSource(ints = {'/', ':', '@', '[', '{', 0x7F, 0x80, ' ', '\t', 0, '"', '\\'})
    void stopsATokenAtDelimiters(int delimiter) {
        assertThat(FieldCursor.over("x" + (char) delimiter).token()).isEqualTo("x");
    }

    @Test
    void readsDigitsAsOneNumber() {
        FieldCursor cursor = FieldCursor.over("0123456789/");
        assertThat(cursor.number()).contains(new DecimalNumber("123456789"));
        assertThat(cursor.number()).isEmpty();
        assertThat(rest(cursor)).isEqualTo("/");
    }

    @ParameterizedTest(name = "<{0}> does not start with a digit")
    @ValueSource(strings = {"", "+5", "-5", " 5", ":", "/", "٣"})
    void aNumberHasNoSign(String text) {
        assertThat(FieldCursor.over(text).number()).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.4: {0} quotes <{1}>")
    @CsvSource(quoteCharacter = '`', textBlock = """
                    ""      , ``
                    "a b"   , a b
                    "\\""   , "
                    "\\\\"  , \\
                    "\\x"   , x
                    "!~"    , !~
                    "\u0080", \u0080
                    "ÿ"     , ÿ
                    """)
    void unescapesQuotedStrings(String text, String content) {
        assertThat(FieldCursor.over(text).quotedString()).contains(content);
    }

    @Test
    void aTabMayBeQuoted() {
        assertThat(FieldCursor.over("\"\t\"").quotedString()).contains("\t");
    }

    @Test
    void goesOnBehindAQuotedString() {
        FieldCursor cursor = FieldCursor.over("\"a\"b");
        assertThat(cursor.quotedString()).contains("a");
        assertThat(rest(cursor)).isEqualTo("b");
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.4: <{0}> is no quoted-string")
    @ValueSource(strings = {"", "a", "\"", "\"a", "\"\\", "\"\\\"", "\"\n\"", "\"\u0000\"", "\"\u007F\"", "\"Ā\""})
    void refusesWhatIsNoQuotedString(String text) {
        assertThat(FieldCursor.over(text).quotedString()).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9110 §5.6.1.2: the members of <{0}> are {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    a          | [a]
                    a,b        | [a, b]
                    'a , b'    | [a, b]
                    ',, a,, b,'| [a, b]
                    ''         | []
                    ' '        | []
                    ' , ,'     | []
                    """)
    void walksThroughLists(String text, String members) {
        FieldCursor cursor = FieldCursor.over(text);
        List<String> found = new ArrayList<>();
        while (cursor.toNextMember()) {
            found.add(cursor.token());
            assertThat(cursor.atMemberEnd()).isTrue();
        }
        assertThat(found).hasToString(members);
    }

    @Test
    void aMemberEndsAtACommaOrTheEndOnly() {
        FieldCursor cursor = FieldCursor.over("a b");
        assertThat(cursor.token()).isEqualTo("a");
        assertThat(cursor.atMemberEnd()).isFalse();
    }

    @Test
    void knowsTheBoundsOfItsCharacterClasses() {
        assertThat("/09:".chars().mapToObj(FieldCursor::isDigit)).containsExactly(false, true, true, false);
        assertThat("`az{".chars().mapToObj(FieldCursor::isLowerCase)).containsExactly(false, true, true, false);
        assertThat("@AZ[`az{".chars().mapToObj(FieldCursor::isAlpha))
                .containsExactly(false, true, true, false, false, true, true, false);
        assertThat("\u007F\u0080\u00FF\u0100".chars().mapToObj(FieldCursor::isObsText))
                .containsExactly(false, true, true, false);
    }

    private static String rest(FieldCursor cursor) {
        return cursor.run(any -> true);
    }
}
