// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.http.FieldLines;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The field lines of one message in their order (RFC 9110 §5.3); names are case-insensitive.
 *
 * <p>Values are one char per byte, as containers read them. Not safe for use by several threads.
 */
public final class FieldSection implements FieldLines {

    private final List<Line> lines = new ArrayList<>();

    /**
     * One field line.
     *
     * @param name a token
     * @param value without whitespace around it; no CR, LF or NUL
     */
    public record Line(String name, String value) {

        /** Refuses what would end the line or the name early. */
        public Line {
            if (!isName(name) || !isValue(value)) {
                throw new IllegalArgumentException("not a field line: " + name);
            }
        }

        private boolean isNamed(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /** An empty section. */
    public FieldSection() {}

    /** A copy that changes alone. */
    public FieldSection copy() {
        FieldSection copy = new FieldSection();
        copy.lines.addAll(lines);
        return copy;
    }

    /** True for a token, RFC 9110 §5.1. */
    static boolean isName(String text) {
        return !text.isEmpty() && text.chars().allMatch(FieldSection::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return ('a' <= c && c <= 'z')
                || ('A' <= c && c <= 'Z')
                || ('0' <= c && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    /** True for what can stand in one line, one char per byte (RFC 9110 §5.5). */
    static boolean isValue(String text) {
        return text.chars().allMatch(c -> c == '\t' || (' ' <= c && c <= 0xFF && c != 0x7F));
    }

    /** A value as a number: digits alone, at most 18 of them. */
    static OptionalLong number(Optional<String> value) {
        String digits = value.map(String::strip).orElse("");
        boolean valid =
                !digits.isEmpty() && digits.length() <= 18 && digits.chars().allMatch(c -> '0' <= c && c <= '9');
        return valid ? OptionalLong.of(Long.parseLong(digits)) : OptionalLong.empty();
    }

    /** All lines. */
    public List<Line> lines() {
        return List.copyOf(lines);
    }

    @Override
    public List<String> lines(String fieldName) {
        return named(fieldName).toList();
    }

    private Stream<String> named(String fieldName) {
        return lines.stream().filter(line -> line.isNamed(fieldName)).map(Line::value);
    }

    /** The value of the first line of a field. */
    public Optional<String> first(String fieldName) {
        return named(fieldName).findFirst();
    }

    /** True if the field has a line. */
    public boolean contains(String fieldName) {
        return lines.stream().anyMatch(line -> line.isNamed(fieldName));
    }

    /** Adds a line behind all others. */
    public FieldSection add(String name, String value) {
        lines.add(new Line(name, value));
        return this;
    }

    /** Makes this the only line of its field. */
    public FieldSection set(String name, String value) {
        Line line = new Line(name, value);
        remove(name);
        lines.add(line);
        return this;
    }

    /** Removes all lines of a field. */
    public FieldSection remove(String fieldName) {
        lines.removeIf(line -> line.isNamed(fieldName));
        return this;
    }

    /** Removes all lines whose lower-case name is one of these. */
    FieldSection removeAll(Set<String> lowerCaseNames) {
        return removeIf(name -> lowerCaseNames.contains(name.toLowerCase(Locale.ROOT)));
    }

    FieldSection removeIf(Predicate<String> ofName) {
        lines.removeIf(line -> ofName.test(line.name()));
        return this;
    }

    /** The members of a comma list without parameters, in lower case: for fields whose members are tokens. */
    Set<String> tokens(String fieldName) {
        Set<String> tokens = new LinkedHashSet<>();
        named(fieldName)
                .flatMap(line -> Stream.of(line.split(",", -1)))
                .map(member -> member.strip().toLowerCase(Locale.ROOT))
                .filter(member -> !member.isEmpty())
                .forEach(tokens::add);
        return tokens;
    }

    @Override
    public String toString() {
        return lines.stream().map(Line::name).toList().toString();
    }
}
