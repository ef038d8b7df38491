// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import java.util.Optional;

/**
 * A pattern that paths within the application match, Servlet 6.0 §12.2: {@code /exact}, {@code /prefix/*}, {@code *.ext} or
 * {@code /}, which stands for every path.
 *
 * @param text as it was written
 */
public record PathPattern(String text) {

    /** What may be written, for messages. */
    public static final String ALLOWED = "patterns /exact, /prefix/*, *.ext or /, separated by commas";

    /** Returns the pattern; empty if it has none of the four forms. */
    public static Optional<PathPattern> parse(String text) {
        String fixed = text;
        if (text.startsWith("*.")) {
            fixed = text.substring(2);
        } else if (text.endsWith("/*")) {
            fixed = text.substring(0, text.length() - 2);
        }
        boolean extension = text.startsWith("*.");
        // By the specification "/a*" is the path of an odd name; who writes it means something else.
        boolean wellFormed = fixed.indexOf('*') < 0
                && (extension ? !fixed.isEmpty() && fixed.indexOf('/') < 0 : text.startsWith("/"));
        return wellFormed ? Optional.of(new PathPattern(text)) : Optional.empty();
    }

    /** Tells whether the decoded path within the application matches; upper and lower case differ. */
    public boolean matches(String path) {
        if (text.endsWith("/*")) {
            String prefix = text.substring(0, text.length() - 2);
            return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
        }
        if (text.startsWith("*.")) {
            return path.endsWith(text.substring(1));
        }
        return text.equals("/") || text.equals(path);
    }
}
