// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Structured field values, RFC 9651: dictionaries and items.
 *
 * <p>As that document demands, one syntax error anywhere makes the whole field ignored. The two types that it added to
 * RFC 8941, Date and Display String, are not understood and count as such an error; no field that is read here uses
 * them.
 */
public final class StructuredFields {
    private StructuredFields() {}

    /**
     * Returns the members of a Dictionary, RFC 9651 §4.2.2, in their order; empty if the field is to be ignored.
     *
     * <p>No line at all is a Dictionary without members. Of several members with one key the last counts.
     */
    public static Optional<Map<String, Item>> parseDictionary(List<String> fieldLines) {
        return new StructuredFieldParser(fieldLines).dictionary();
    }

    /** Returns the Item of a field, RFC 9651 §4.2.3; empty if the field is to be ignored or is not there. */
    public static Optional<Item> parseItem(List<String> fieldLines) {
        return new StructuredFieldParser(fieldLines).onlyItem();
    }

    /**
     * A value with its parameters, RFC 9651 §3.3.
     *
     * @param value the value
     * @param parameters the parameters in their order
     */
    public record Item(BareItem value, Map<String, BareItem> parameters) {
        /** Keeps a copy of the map in its order. */
        public Item {
            parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        }
    }

    /** A value without parameters, RFC 9651 §3.3; or an inner list, which may stand in the place of one. */
    public sealed interface BareItem {}

    /**
     * An Integer, RFC 9651 §3.3.1.
     *
     * @param value at most 15 digits
     */
    public record IntegerItem(long value) implements BareItem {}

    /**
     * A Decimal, RFC 9651 §3.3.2.
     *
     * @param value at most 12 digits before the point, 1 to 3 after it
     */
    public record DecimalItem(BigDecimal value) implements BareItem {}

    /**
     * A String, RFC 9651 §3.3.3.
     *
     * @param value the characters, unescaped
     */
    public record StringItem(String value) implements BareItem {}

    /**
     * A Token, RFC 9651 §3.3.4.
     *
     * @param value the characters
     */
    public record TokenItem(String value) implements BareItem {}

    /**
     * A Boolean, RFC 9651 §3.3.6.
     *
     * @param value the value
     */
    public record BooleanItem(boolean value) implements BareItem {}

    /**
     * An Inner List, RFC 9651 §3.1.1.
     *
     * @param items the members in their order
     */
    public record InnerList(List<Item> items) implements BareItem {
        /** Keeps a copy of the list. */
        public InnerList {
            items = List.copyOf(items);
        }
    }

    /** A Byte Sequence, RFC 9651 §3.3.5. */
    public static final class BytesItem implements BareItem {
        private final byte[] bytes;

        /** Keeps a copy of the bytes. */
        public BytesItem(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** Returns a copy of the bytes. */
        public byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof BytesItem item && Arrays.equals(bytes, item.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        /** Returns the value as it stands in a field. */
        @Override
        public String toString() {
            return ':' + Base64.getEncoder().encodeToString(bytes) + ':';
        }
    }
}
