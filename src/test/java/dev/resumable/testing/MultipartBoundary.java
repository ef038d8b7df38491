// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.util.ArrayList;
import java.util.List;

/** Finds the boundary of a multipart body in the value of its {@code Content-Type} (RFC 9110 §8.3.1, §5.6.6). */
final class MultipartBoundary {
    private final String value;
    private int position;

    private MultipartBoundary(String value) {
        this.value = value;
    }

    /**
     * Gives the boundary, unquoted.
     *
     * @throws AssertionError if the type is not {@code multipart/byteranges}, a parameter is malformed, or there is not
     *     just one fit boundary
     */
    static String of(String contentType) {
        MultipartBoundary parser = new MultipartBoundary(contentType);
        String type = parser.upTo(";").strip();
        if (!type.equalsIgnoreCase("multipart/byteranges")) {
            throw new AssertionError("not multipart/byteranges but " + Wire.quote(contentType));
        }
        List<String> boundaries = parser.boundaries();
        if (boundaries.size() != 1) {
            throw new AssertionError("expected one boundary but got " + boundaries + " in " + Wire.quote(contentType));
        }
        MultipartBody.requireFit(boundaries.get(0));
        return boundaries.get(0);
    }

    private List<String> boundaries() {
        List<String> found = new ArrayList<>();
        while (position < value.length()) {
            position++;
            String name = upTo("=").strip();
            position++;
            String parameter = value.startsWith("\"", position)
                    ? quoted()
                    : token(upTo(";").stripTrailing());
            if (name.equalsIgnoreCase("boundary")) {
                found.add(parameter);
            }
        }
        return found;
    }

    private String upTo(String end) {
        int start = position;
        int found = value.indexOf(end, start);
        position = found < 0 ? value.length() : found;
        return value.substring(start, position);
    }

    /** A boundary with, say, a colon or a slash must be quoted. */
    private String token(String text) {
        if (!FieldLine.isToken(text)) {
            throw new AssertionError("parameter value is not a token: " + Wire.quote(value));
        }
        return text;
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        for (position++; position < value.length(); position++) {
            char c = value.charAt(position);
            if (c == '"') {
                position++;
                requireNothingButSpace(upTo(";"));
                return text.toString();
            }
            if (c == '\\' && ++position == value.length()) {
                break;
            }
            text.append(value.charAt(position));
        }
        throw new AssertionError("quoted string without end: " + Wire.quote(value));
    }

    private void requireNothingButSpace(String rest) {
        if (!rest.isBlank()) {
            throw new AssertionError("text behind a quoted string: " + Wire.quote(value));
        }
    }
}
