// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import java.util.List;

/**
 * The field lines of a request made of the bytes of a fuzzer: lines {@code Name: value} whose name is known here; all
 * others are passed over.
 *
 * @param fields the lines in their order
 */
record RequestInput(List<Line> fields) {
    /** What decides about an answer of this library. */
    private static final List<String> NAMES = List.of(
            "Range",
            "If-Range",
            "If-Match",
            "If-None-Match",
            "If-Modified-Since",
            "If-Unmodified-Since",
            "Accept-Encoding",
            "Want-Repr-Digest",
            "Want-Content-Digest");

    /** A field name in the spelling of {@link #NAMES} and a value that may be anything but LF. */
    record Line(String name, String value) {}

    static RequestInput of(byte[] input) {
        return new RequestInput(FieldInput.lines(input).stream()
                .flatMap(line -> NAMES.stream()
                        .filter(name -> line.startsWith(name + ":"))
                        .map(name -> new Line(name, line.substring(name.length() + 1))))
                .toList());
    }

    List<String> lines(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .map(Line::value)
                .toList();
    }

    boolean has(String name) {
        return fields.stream().anyMatch(field -> field.name().equals(name));
    }
}
