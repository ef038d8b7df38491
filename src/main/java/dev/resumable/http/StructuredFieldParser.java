// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

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
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parsing algorithms of RFC 9651 §4.2, one method for each.
 *
 * <p>Every method returns empty for a syntax error, which its caller passes on up to the field. Inner lists do not
 * nest, so the depth of the calls is bounded whatever the input.
 */
final class StructuredFieldParser {
    private static final int MAX_INTEGER_DIGITS = 15;
    private static final int MAX_WHOLE_DIGITS = 12;
    private static final int MAX_FRACTION_DIGITS = 3;

    private final FieldCursor cursor;

    StructuredFieldParser(List<String> fieldLines) {
        this.cursor = FieldCursor.over(fieldLines);
    }

    Optional<Map<String, Item>> dictionary() {
        Map<String, Item> members = new LinkedHashMap<>();
        skipSpaces();
        while (!cursor.atEnd()) {
            Optional<String> key = key();
            Optional<Item> member = key.flatMap(any -> dictionaryMember());
            if (member.isEmpty() || !skipComma()) {
                return Optional.empty();
            }
            members.put(key.orElseThrow(), member.get());
        }
        return Optional.of(Collections.unmodifiableMap(members));
    }

    Optional<Item> onlyItem() {
        skipSpaces();
        Optional<Item> item = item();
        skipSpaces();
        return cursor.atEnd() ? item : Optional.empty();
    }

    private Optional<Item> dictionaryMember() {
        if (!cursor.skip('=')) {
            return withParameters(Optional.of(new BooleanItem(true)));
        }
        return cursor.peek() == '(' ? withParameters(innerList()) : item();
    }

    /** Moves past the comma after a member; false if there is something else, or nothing after the comma. */
    private boolean skipComma() {
        if (cursor.skipWhitespace().atEnd()) {
            return true;
        }
        return cursor.skip(',') && !cursor.skipWhitespace().atEnd();
    }

    private Optional<BareItem> innerList() {
        List<Item> items = new ArrayList<>();
        cursor.skip('(');
        skipSpaces();
        while (!cursor.skip(')')) {
            Optional<Item> item = item();
            if (item.isEmpty() || (cursor.peek() != ' ' && cursor.peek() != ')')) {
                return Optional.empty();
            }
            items.add(item.get());
            skipSpaces();
        }
        return Optional.of(new InnerList(items));
    }

    private Optional<Item> item() {
        return withParameters(bareItem());
    }

    private Optional<Item> withParameters(Optional<? extends BareItem> value) {
        return value.flatMap(any -> parameters().map(parameters -> new Item(any, parameters)));
    }

    private Optional<Map<String, BareItem>> parameters() {
        Map<String, BareItem> parameters = new LinkedHashMap<>();
        while (cursor.skip(';')) {
            skipSpaces();
            Optional<String> key = key();
            Optional<BareItem> value = key.flatMap(any -> parameterValue());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            parameters.put(key.orElseThrow(), value.get());
        }
        return Optional.of(parameters);
    }

    private Optional<BareItem> parameterValue() {
        return cursor.skip('=') ? bareItem() : Optional.of(new BooleanItem(true));
    }

    private Optional<String> key() {
        boolean starts = cursor.peek() == '*' || FieldCursor.isLowerCase(cursor.peek());
        return starts ? Optional.of(cursor.run(StructuredFieldParser::isKeyCharacter)) : Optional.empty();
    }

    private Optional<BareItem> bareItem() {
        int first = cursor.peek();
        if (first == '-' || FieldCursor.isDigit(first)) {
            return number();
        }
        if (first == '*' || FieldCursor.isAlpha(first)) {
            return Optional.of(new TokenItem(cursor.run(StructuredFieldParser::isTokenCharacter)));
        }
        return switch (cursor.next()) {
            case '"' -> string();
            case ':' -> bytes();
            case '?' -> bool();
            default -> Optional.empty();
        };
    }

    private Optional<BareItem> number() {
        String sign = cursor.skip('-') ? "-" : "";
        String whole = cursor.run(FieldCursor::isDigit);
        if (cursor.skip('.')) {
            return decimal(sign, whole, cursor.run(FieldCursor::isDigit));
        }
        return whole.isEmpty() || whole.length() > MAX_INTEGER_DIGITS
                ? Optional.empty()
                : Optional.of(new IntegerItem(Long.parseLong(sign + whole)));
    }

    private static Optional<BareItem> decimal(String sign, String whole, String fraction) {
        boolean fits = !whole.isEmpty()
                && whole.length() <= MAX_WHOLE_DIGITS
                && !fraction.isEmpty()
                && fraction.length() <= MAX_FRACTION_DIGITS;
        return fits ? Optional.of(new DecimalItem(new BigDecimal(sign + whole + '.' + fraction))) : Optional.empty();
    }

    private Optional<BareItem> string() {
        StringBuilder content = new StringBuilder();
        while (!cursor.skip('"')) {
            boolean escaped = cursor.skip('\\');
            int character = cursor.next();
            boolean allowed = escaped ? character == '"' || character == '\\' : ' ' <= character && character <= '~';
            if (!allowed) {
                return Optional.empty();
            }
            content.append((char) character);
        }
        return Optional.of(new StringItem(content.toString()));
    }

    private Optional<BareItem> bytes() {
        String digits = cursor.run(StructuredFieldParser::isBase64Digit);
        String padding = cursor.run(character -> character == '=');
        // RFC 9651 §4.2.7: padding may be left out. What is left to check here is all that the decoder would throw for.
        boolean decodable = digits.length() % 4 != 1
                && (padding.isEmpty() || (padding.length() <= 2 && (digits.length() + padding.length()) % 4 == 0));
        return cursor.skip(':') && decodable
                ? Optional.of(new BytesItem(Base64.getDecoder().decode(digits)))
                : Optional.empty();
    }

    private Optional<BareItem> bool() {
        return switch (cursor.next()) {
            case '1' -> Optional.of(new BooleanItem(true));
            case '0' -> Optional.of(new BooleanItem(false));
            default -> Optional.empty();
        };
    }

    /** Only spaces, no tabs, where RFC 9651 says {@code SP}. */
    private void skipSpaces() {
        cursor.run(character -> character == ' ');
    }

    private static boolean isKeyCharacter(int character) {
        return FieldCursor.isLowerCase(character) || FieldCursor.isDigit(character) || "_-.*".indexOf(character) >= 0;
    }

    private static boolean isTokenCharacter(int character) {
        return FieldCursor.isTokenCharacter(character) || character == ':' || character == '/';
    }

    private static boolean isBase64Digit(int character) {
        return FieldCursor.isAlpha(character) || FieldCursor.isDigit(character) || character == '+' || character == '/';
    }
}
