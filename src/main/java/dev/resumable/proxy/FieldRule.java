// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.util.Optional;

/**
 * A change to a field: {@code Name: value} sets it, {@code +Name: value} adds a line, {@code -Name} removes it. Fields of the
 * connection and of framing, as Connection and Content-Length, cannot be changed.
 *
 * @param action what is done
 * @param name the field
 * @param value the value that is set or added; empty text for {@link Action#REMOVE}
 */
public record FieldRule(Action action, String name, String value) {

    /** What is done to a field. */
    public enum Action {
        /** The value becomes the only one. */
        SET,
        /** A line is added. */
        ADD,
        /** All lines go. */
        REMOVE
    }

    /** Checks name and value. */
    public FieldRule {
        if (!isAllowed(name, value)) {
            throw new IllegalArgumentException("not a field that can be changed: " + name);
        }
    }

    private static boolean isAllowed(String name, String value) {
        return FieldSection.isName(name) && FieldSection.isValue(value) && !EndToEndFields.isFraming(name);
    }

    /** Reads a rule; empty if it is none. */
    public static Optional<FieldRule> parse(String text) {
        String rule = text.strip();
        Action action = rule.startsWith("-") ? Action.REMOVE : rule.startsWith("+") ? Action.ADD : Action.SET;
        String line = action == Action.SET ? rule : rule.substring(1);
        int colon = line.indexOf(':');
        boolean complete = (action == Action.REMOVE) == (colon < 0);
        String name = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).strip();
        return complete && isAllowed(name, value) ? Optional.of(new FieldRule(action, name, value)) : Optional.empty();
    }

    void applyTo(FieldSection fields) {
        switch (action) {
            case SET -> fields.set(name, value);
            case ADD -> fields.add(name, value);
            case REMOVE -> fields.remove(name);
        }
    }

    @Override
    public String toString() {
        return switch (action) {
            case SET -> name + ": " + value;
            case ADD -> "+" + name + ": " + value;
            case REMOVE -> "-" + name;
        };
    }
}
