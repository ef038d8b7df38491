// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.Optional;

/** Status line and fields of a response. */
record ReplyHead(int status, String text) {

    /** Takes the bytes before the empty line. */
    static ReplyHead parse(String text) {
        return new ReplyHead(Integer.parseInt(text, 9, 12, 10), text);
    }

    boolean hasBody() {
        return status != 304;
    }

    boolean isChunked() {
        return field("transfer-encoding").isPresent();
    }

    long length() {
        return field("content-length").map(Long::parseLong).orElse(0L);
    }

    /** The value of a field, by its name in lower case. */
    Optional<String> field(String name) {
        int line = text.indexOf('\n') + 1;
        while (line > 0) {
            int end = text.indexOf('\r', line);
            if (text.regionMatches(true, line, name, 0, name.length()) && text.charAt(line + name.length()) == ':') {
                return Optional.of(text.substring(line + name.length() + 1, end < 0 ? text.length() : end)
                        .trim());
            }
            line = text.indexOf('\n', line) + 1;
        }
        return Optional.empty();
    }
}
