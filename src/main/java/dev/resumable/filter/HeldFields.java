// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Response fields that the application has set and the container must not see yet.
 *
 * <p>They are held back rather than removed later, for which the Servlet API has no reliable call. To the application they
 * look as if they were set.
 */
final class HeldFields {

    private static final Set<String> HELD = Set.of(
            "content-length",
            "etag",
            "last-modified",
            "accept-ranges",
            "content-encoding",
            "transfer-encoding",
            "repr-digest",
            "content-digest",
            "content-md5",
            "digest");

    /** Digests of the bytes as the application wrote them (RFC 9530 §2, §3, and RFC 1864, RFC 3230 before), which tell nothing of coded ones. */
    private static final List<String> DIGESTS = List.of("repr-digest", "content-digest", "content-md5", "digest");

    private final Map<String, Lines> fields = new LinkedHashMap<>();

    /** Whether the first line takes the place of what others, before the application, have set. */
    private enum First {
        REPLACES,
        IS_ADDED
    }

    /** The name as the application wrote it, with all its lines. */
    private record Lines(String name, First first, List<String> values) {

        void addTo(HttpServletResponse response) {
            if (first == First.REPLACES) {
                response.setHeader(name, values.get(0));
            } else {
                response.addHeader(name, values.get(0));
            }
            values.stream().skip(1).forEach(value -> response.addHeader(name, value));
        }
    }

    static boolean holds(@Nullable String name) {
        return HELD.contains(key(name));
    }

    /** Null is for the container to judge: some ignore it, some throw. */
    private static String key(@Nullable String name) {
        return name == null ? "" : name.toLowerCase(Locale.ROOT);
    }

    void set(String name, @Nullable String value) {
        fields.remove(key(name));
        put(name, value, First.REPLACES);
    }

    void add(String name, @Nullable String value) {
        put(name, value, First.IS_ADDED);
    }

    private void put(String name, @Nullable String value, First first) {
        if (value != null) {
            if (key(name).equals("content-length")) {
                // A field of one value (RFC 9110 §8.6): the last word counts, as in the containers.
                fields.remove("content-length");
            }
            fields.computeIfAbsent(key(name), ignored -> new Lines(name, first, new ArrayList<>()))
                    .values()
                    .add(value);
        }
    }

    Optional<String> first(@Nullable String name) {
        return Optional.ofNullable(fields.get(key(name)))
                .map(lines -> lines.values().get(0));
    }

    Collection<String> all(@Nullable String name) {
        Lines lines = fields.get(key(name));
        return lines == null ? List.of() : List.copyOf(lines.values());
    }

    List<String> names() {
        return fields.values().stream().map(Lines::name).toList();
    }

    void clear() {
        fields.clear();
    }

    /** The length that the application has declared, in any of the ways that the Servlet API has; unusable ones are none. */
    OptionalLong declaredLength() {
        String text = first("Content-Length").orElse("");
        long length = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || length > (Long.MAX_VALUE - digit) / 10) {
                return OptionalLong.empty();
            }
            length = length * 10 + digit;
        }
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(length);
    }

    /**
     * Sets all of them on the real response, which passes unchanged from here on; but for Transfer-Encoding.
     *
     * <p>That field is of one connection (RFC 9112 §6.1), which is the container's to frame: on some it would stand beside
     * a Content-Length, on others the body would look as if it were coded twice.
     */
    void releaseTo(HttpServletResponse response) {
        declaredLength().ifPresent(response::setContentLengthLong);
        fields.forEach((key, lines) -> {
            if (!key.equals("content-length") && !key.equals("transfer-encoding")) {
                lines.addTo(response);
            }
        });
        fields.clear();
    }

    /** Sets the digests alone on the real response, whose body will be what the application wrote. */
    void releaseDigestsTo(HttpServletResponse response) {
        for (String digest : DIGESTS) {
            Lines lines = fields.remove(digest);
            if (lines != null) {
                lines.addTo(response);
            }
        }
    }
}
