// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.List;
import java.util.Optional;

/**
 * A position in a field value: the one tokenizer that all parsers of this package share.
 *
 * <p>It only moves forward and looks at each character a constant number of times, which makes every parser built on it
 * linear. A method that finds nothing leaves the position where it was, unless it says otherwise.
 */
final class FieldCursor {
    /** What {@link #peek()} answers after the last character. */
    static final int END = -1;

    private final String text;
    private int at;

    private FieldCursor(String text) {
        this.text = text;
    }

    static FieldCursor over(String fieldValue) {
        return new FieldCursor(fieldValue);
    }

    /** Returns a cursor over the combined field value, RFC 9110 §5.3. */
    static FieldCursor over(List<String> fieldLines) {
        return new FieldCursor(fieldLines.size() == 1 ? fieldLines.get(0) : String.join(", ", fieldLines));
    }

    boolean atEnd() {
        return at == text.length();
    }

    int peek() {
        return atEnd() ? END : text.charAt(at);
    }

    /** Returns the next character and moves past it; {@link #END} after the last. */
    int next() {
        return atEnd() ? END : text.charAt(at++);
    }

    /** Moves past the expected character if it is next, and tells whether it was. */
    boolean skip(char expected) {
        if (peek() != expected) {
            return false;
        }
        at++;
        return true;
    }

    /** Moves past {@code OWS}, RFC 9110 §5.6.3. */
    FieldCursor skipWhitespace() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
        return this;
    }

    /** Returns the longest run of characters of a kind from here on; it may be empty. */
    String run(CharacterKind kind) {
        int start = at;
        while (!atEnd() && kind.contains(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    /** Returns the token that starts here, RFC 9110 §5.6.2; empty text if there is none. */
    String token() {
        return run(FieldCursor::isTokenCharacter);
    }

    /** Returns the {@code 1*DIGIT} that starts here. */
    Optional<DecimalNumber> number() {
        return isDigit(peek()) ? Optional.of(new DecimalNumber(run(FieldCursor::isDigit))) : Optional.empty();
    }

    /**
     * Returns the unescaped content of the quoted-string that starts here, RFC 9110 §5.6.4.
     *
     * <p>The position is undefined after a string that is not well-formed.
     */
    Optional<String> quotedString() {
        if (!skip('"')) {
            return Optional.empty();
        }
        StringBuilder content = new StringBuilder();
        while (!skip('"')) {
            skip('\\');
            if (!isQuotable(peek())) {
                return Optional.empty();
            }
            content.append(text.charAt(at++));
        }
        return Optional.of(content.toString());
    }

    /**
     * Moves to the next member of a comma list and tells whether there is one.
     *
     * <p>Empty list elements are skipped, RFC 9110 §5.6.1.2.
     */
    boolean toNextMember() {
        do {
            skipWhitespace();
        } while (skip(','));
        return !atEnd();
    }

    /** Moves past {@code OWS} and tells whether the member of a comma list that was just read ends there. */
    boolean atMemberEnd() {
        skipWhitespace();
        return atEnd() || peek() == ',';
    }

    static boolean isDigit(int character) {
        return '0' <= character && character <= '9';
    }

    static boolean isLowerCase(int character) {
        return 'a' <= character && character <= 'z';
    }

    static boolean isAlpha(int character) {
        return isLowerCase(character) || ('A' <= character && character <= 'Z');
    }

    static boolean isTokenCharacter(int character) {
        return isAlpha(character) || isDigit(character) || "!#$%&'*+-.^_`|~".indexOf(character) >= 0;
    }

    /** Tells whether a character is {@code obs-text}, RFC 9110 §5.5. */
    static boolean isObsText(int character) {
        return 0x80 <= character && character <= 0xFF;
    }

    private static boolean isQuotable(int character) {
        return character == '\t' || (' ' <= character && character <= '~') || isObsText(character);
    }

    /** A set of characters. */
    @FunctionalInterface
    interface CharacterKind {
        boolean contains(int character);
    }
}
