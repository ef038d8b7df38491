// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.resumable.http.StructuredFields.BareItem;
import dev.resumable.http.StructuredFields.BooleanItem;
import dev.resumable.http.StructuredFields.BytesItem;
import dev.resumable.http.StructuredFields.DecimalItem;
import dev.resumable.http.StructuredFields.InnerList;
import dev.resumable.http.StructuredFields.IntegerItem;
import dev.resumable.http.StructuredFields.Item;
import dev.resumable.http.StructuredFields.StringItem;
import dev.resumable.http.StructuredFields.TokenItem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructuredFieldsTest {
    @ParameterizedTest(name = "RFC 9651 §3.3: <{0}> is {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    0                | integer 0
                    -0               | integer 0
                    42               | integer 42
                    -42              | integer -42
                    042              | integer 42
                    999999999999999  | integer 999999999999999
                    -999999999999999 | integer -999999999999999
                    1.5              | decimal 1.5
                    -1.500           | decimal -1.500
                    0.0              | decimal 0.0
                    999999999999.999 | decimal 999999999999.999
                    ""               | string <>
                    "hello world"    | string <hello world>
                    "a\\"b\\\\c"     | string <a"b\\c>
                    " ~"             | string < ~>
                    "a, b;c=(d)"     | string <a, b;c=(d)>
                    a                | token a
                    Z                | token Z
                    *foo             | token *foo
                    a:b/c*d!#        | token a:b/c*d!#
                    ?1               | boolean true
                    ?0               | boolean false
                    ::               | bytes <>
                    :aGVsbG8=:       | bytes <hello>
                    :aGVsbG8:        | bytes <hello>
                    :aGVsbA==:       | bytes <hell>
                    :aGVsbA:         | bytes <hell>
                    :aGVs:           | bytes <hel>
                    :iZ==:           | bytes <\u0089>
                    :Pz8/Pz4+:       | bytes <????>>>
                    '  42  '         | integer 42
                    """)
    void readsItems(String line, String value) {
        assertThat(item(line)).isEqualTo(value);
    }

    @ParameterizedTest(name = "RFC 9651 §4.2: <{0}> is ignored")
    @ValueSource(
            strings = {
                "(none)",
                "",
                " ",
                "-",
                "+1",
                "- 1",
                "--1",
                "-a",
                "1000000000000000",
                "-1000000000000000",
                ".5",
                "-.5",
                "1.",
                "1.1234",
                "1000000000000.0",
                "1.5.1",
                "1e5",
                "1 2",
                "1,2",
                "1⏎2",
                "\"a",
                "\"",
                "\"\\",
                "\"a\\b\"",
                "\"a\tb\"",
                "\"a\u007F\"",
                "\"a\u0080\"",
                "\"a\nb\"",
                "\"a\"b",
                "'a'",
                "a\"b",
                "ä",
                "aä",
                "!a",
                "?",
                "?2",
                "?10",
                "?true",
                ":",
                ":a",
                ":aGVsbG8=",
                ":a:",
                ":aGVsb:",
                ":aGVsbG8==:",
                ":aGVsbA=:",
                ":aGVsbA===:",
                ":aGVs=:",
                ":aGVs====:",
                ":aG=VsbG8:",
                ":=:",
                ":====:",
                ":_-==:",
                ":aGVs bG8=:",
                "@1659578233",
                "%\"f%c3%bc\"",
                "(1 2)",
                "{a}",
                "\t42",
                "42\t",
                "42;",
                "42; ",
                "42;A=1",
                "42;a=",
                "42;a= 1",
                "42;a =1",
                "42 ;a=1",
                "42;\ta",
                "42;1=a",
                "42;a=(1)"
            })
    void ignoresItemsWithAnySyntaxError(String lines) {
        assertThat(StructuredFields.parseItem(FieldText.lines(lines))).isEmpty();
    }

    @ParameterizedTest(name = "RFC 9651 §3.1.2: the parameters of <{0}> are {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    1                 | {}
                    1;a               | {a=boolean true}
                    1;a=?0            | {a=boolean false}
                    1;a=1;b="x";c=:aA:| {a=integer 1, b=string <x>, c=bytes <h>}
                    1;  a=1;b         | {a=integer 1, b=boolean true}
                    1;a=1;b=2;a=3     | {a=integer 3, b=integer 2}
                    1;*=1             | {*=integer 1}
                    1;a_-.*0z=1       | {a_-.*0z=integer 1}
                    """)
    void readsParameters(String line, String parameters) {
        Map<String, String> found = new LinkedHashMap<>();
        Item item = StructuredFields.parseItem(List.of(line)).orElseThrow();
        item.parameters().forEach((key, value) -> found.put(key, described(value)));
        assertThat(found).hasToString(parameters);
    }

    @ParameterizedTest(name = "RFC 9651 §3.2: the members of <{0}> are {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    (none)              | {}
                    ''                  | {}
                    '  '                | {}
                    a                   | {a=boolean true}
                    a=?0                | {a=boolean false}
                    a=1,b=2             | {a=integer 1, b=integer 2}
                    ' a=1 \t,\t b=2 \t' | {a=integer 1, b=integer 2}
                    a=1,b=2,a=3         | {a=integer 3, b=integer 2}
                    a=1⏎b=2             | {a=integer 1, b=integer 2}
                    a=1⏎a=2             | {a=integer 2}
                    a,b;x,c             | {a=boolean true, b=boolean true;x, c=boolean true}
                    a=1;x;y=2           | {a=integer 1;x;y}
                    a=(),b=(1 "x"  t )  | {a=list [], b=list [integer 1, string <x>, token t]}
                    a=( 1;x 2 );y       | {a=list [integer 1;x, integer 2];y}
                    a=(1)               | {a=list [integer 1]}
                    a=(1 2);y           | {a=list [integer 1, integer 2];y}
                    *a_-.*9=tok         | {*a_-.*9=token tok}
                    en="Applepie", da=:w4ZibGV0w6ZydGU=: | {en=string <Applepie>, da=bytes <Æbletærte>}
                    """)
    void readsDictionaries(String lines, String members) {
        assertThat(dictionary(lines)).isEqualTo(members);
    }

    @ParameterizedTest(name = "RFC 9651 §4.2: <{0}> is ignored")
    @ValueSource(
            strings = {
                "\t",
                "\ta=1",
                ",",
                ",a=1",
                "a=1,",
                "a=1, ",
                "a=1,,b=2",
                "a=1⏎",
                "⏎a=1",
                "a=1 b=2",
                "a=1;b=2;",
                "a= 1",
                "a =1",
                "a=",
                "=1",
                "A=1",
                "1=a",
                "-a=1",
                "a=1,B=2",
                "a=(1",
                "a=(1 ",
                "a=(",
                "a=(1,2)",
                "a=(1 2",
                "a=(1\t2)",
                "a=(1\"x\")",
                "a=((1))",
                "a=(1 (2))",
                "a=(A=1)",
                "a=()b",
                "a=)",
                "a=1,b=@1",
                "ä=1"
            })
    void ignoresDictionariesWithAnySyntaxError(String lines) {
        assertThat(StructuredFields.parseDictionary(FieldText.lines(lines))).isEmpty();
    }

    @Test
    void dictionariesKeepTheirOrderAndCannotBeChanged() {
        Map<String, Item> members =
                StructuredFields.parseDictionary(List.of("z=1, y=2, x=3")).orElseThrow();
        assertThat(members.keySet()).containsExactly("z", "y", "x");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(members::clear);
    }

    @Test
    void itemsKeepCopies() {
        Map<String, BareItem> parameters = new LinkedHashMap<>(Map.of("a", new IntegerItem(1)));
        Item item = new Item(new IntegerItem(0), parameters);
        parameters.clear();
        assertThat(item.parameters()).containsExactly(entry("a", new IntegerItem(1)));
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> item.parameters().clear());

        List<Item> items = new ArrayList<>(List.of(item));
        InnerList list = new InnerList(items);
        items.clear();
        assertThat(list.items()).containsExactly(item);
    }

    @Test
    void byteSequencesAreValues() {
        byte[] bytes = {1, 2, 3};
        BytesItem item = new BytesItem(bytes);
        bytes[0] = 9;
        item.bytes()[1] = 9;
        assertThat(item.bytes()).containsExactly(1, 2, 3);
        assertThat(item)
                .isEqualTo(new BytesItem(new byte[] {1, 2, 3}))
                .hasSameHashCodeAs(new BytesItem(new byte[] {1, 2, 3}))
                .isNotEqualTo(new BytesItem(new byte[] {1, 2}))
                .isNotEqualTo(":AQID:")
                .hasToString(":AQID:");
        assertThat(new BytesItem(new byte[] {1}).hashCode()).isNotEqualTo(new BytesItem(new byte[] {2}).hashCode());
    }

    private static String item(String line) {
        return StructuredFields.parseItem(List.of(line))
                .map(item -> described(item.value()))
                .orElse("(ignored)");
    }

    private static String dictionary(String lines) {
        return StructuredFields.parseDictionary(FieldText.lines(lines))
                .map(members -> members.entrySet().stream()
                        .map(member -> member.getKey() + '=' + described(member.getValue()))
                        .collect(Collectors.joining(", ", "{", "}")))
                .orElse("(ignored)");
    }

    private static String described(Item item) {
        return described(item.value())
                + item.parameters().keySet().stream().map(key -> ";" + key).collect(Collectors.joining());
    }

    private static String described(BareItem value) {
        if (value instanceof IntegerItem integer) {
            return "integer " + integer.value();
        } else if (value instanceof DecimalItem decimal) {
            return "decimal " + decimal.value().toPlainString();
        } else if (value instanceof StringItem string) {
            return "string <" + string.value() + ">";
        } else if (value instanceof TokenItem token) {
            return "token " + token.value();
        } else if (value instanceof BooleanItem bool) {
            return "boolean " + bool.value();
        } else if (value instanceof InnerList list) {
            return "list "
                    + list.items().stream().map(StructuredFieldsTest::described).toList();
        }
        byte[] bytes = ((BytesItem) value).bytes();
        boolean text = StandardCharsets.UTF_8.newEncoder().canEncode(new String(bytes, StandardCharsets.UTF_8))
                && bytes.length > 1;
        return "bytes <" + new String(bytes, text ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1) + ">";
    }
}
