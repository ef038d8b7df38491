// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.DigestFields;
import dev.resumable.http.StructuredFields;
import dev.resumable.http.StructuredFields.BareItem;
import dev.resumable.http.StructuredFields.BooleanItem;
import dev.resumable.http.StructuredFields.BytesItem;
import dev.resumable.http.StructuredFields.DecimalItem;
import dev.resumable.http.StructuredFields.InnerList;
import dev.resumable.http.StructuredFields.IntegerItem;
import dev.resumable.http.StructuredFields.Item;
import dev.resumable.http.StructuredFields.StringItem;
import dev.resumable.http.StructuredFields.TokenItem;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The laws of {@link StructuredFields} and {@link DigestFields}: what was read can be written as RFC 9651 §4.1 says and
 * is then read as the same; no value leaves the bounds of its type.
 */
final class StructuredFieldLaws {
    private static final long LARGEST_INTEGER = 999_999_999_999_999L;
    private static final BigDecimal DECIMAL_BOUND = BigDecimal.TEN.pow(12);

    private StructuredFieldLaws() {}

    static void check(byte[] input) {
        List<String> lines = FieldInput.lines(input);
        Optional<Item> item = StructuredFields.parseItem(lines);
        item.map(StructuredFieldLaws::written)
                .ifPresent(text -> assertThat(
                                StructuredFields.parseItem(List.of(text)).map(StructuredFieldLaws::written))
                        .contains(text));
        Optional<Map<String, Item>> members = StructuredFields.parseDictionary(lines);
        members.map(StructuredFieldLaws::written)
                .ifPresent(text -> assertThat(
                                StructuredFields.parseDictionary(List.of(text)).map(StructuredFieldLaws::written))
                        .contains(text));
        checkDigests(lines, members.flatMap(all -> Optional.ofNullable(all.get("sha-256"))));
    }

    private static void checkDigests(List<String> lines, Optional<Item> sha256) {
        Optional<byte[]> digest = DigestFields.sha256In(lines);
        assertThat(digest.isPresent())
                .isEqualTo(sha256.filter(item -> item.value() instanceof BytesItem bytes && bytes.bytes().length == 32)
                        .isPresent());
        digest.ifPresent(bytes -> assertThat(DigestFields.sha256In(List.of(DigestFields.sha256(bytes))))
                .hasValueSatisfying(again -> assertThat(again).isEqualTo(bytes)));
        assertThat(DigestFields.wantsSha256(lines))
                .isEqualTo(sha256.filter(item ->
                                item.value() instanceof IntegerItem weight && weight.value() > 0 && weight.value() < 11)
                        .isPresent());
    }

    private static String written(Map<String, Item> members) {
        return members.entrySet().stream()
                .map(member -> key(member.getKey())
                        + (member.getValue().value().equals(new BooleanItem(true))
                                ? parameters(member.getValue())
                                : "=" + written(member.getValue())))
                .collect(Collectors.joining(", "));
    }

    private static String written(Item item) {
        return written(item.value()) + parameters(item);
    }

    private static String parameters(Item item) {
        return item.parameters().entrySet().stream()
                .map(parameter -> ";" + key(parameter.getKey())
                        + (parameter.getValue().equals(new BooleanItem(true))
                                ? ""
                                : "=" + written(parameter.getValue())))
                .collect(Collectors.joining());
    }

    private static String key(String key) {
        assertThat(key).matches("[a-z*][a-z0-9_.*-]*+");
        return key;
    }

    private static String written(BareItem value) {
        if (value instanceof IntegerItem integer) {
            assertThat(integer.value()).isBetween(-LARGEST_INTEGER, LARGEST_INTEGER);
            return Long.toString(integer.value());
        }
        if (value instanceof DecimalItem decimal) {
            return decimal(decimal.value());
        }
        if (value instanceof StringItem string) {
            assertThat(string.value()).matches("[ -~]*+");
            return '"' + string.value().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        if (value instanceof TokenItem token) {
            assertThat(token.value()).matches("[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*+");
            return token.value();
        }
        if (value instanceof BooleanItem bool) {
            return bool.value() ? "?1" : "?0";
        }
        return value instanceof InnerList list
                ? list.items().stream().map(StructuredFieldLaws::written).collect(Collectors.joining(" ", "(", ")"))
                : value.toString();
    }

    /** RFC 9651 §4.1.5: without zeros at the end, but with one digit behind the point at least. */
    private static String decimal(BigDecimal value) {
        assertThat(value.abs()).isLessThan(DECIMAL_BOUND);
        assertThat(value.scale()).isBetween(1, 3);
        BigDecimal shortest = value.stripTrailingZeros();
        return (shortest.scale() < 1 ? shortest.setScale(1) : shortest).toPlainString();
    }
}
