// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The field {@code Upload-Metadata}: {@code key [SP base64] *( "," key [SP base64] )}, no key twice.
 *
 * <p>Clients agree on {@code filename} and {@code filetype} by custom alone; Uppy says {@code name} and {@code type} too.
 *
 * @param field as it came, to be given back in that form
 * @param values by key, as text in UTF-8; what is not UTF-8 has replacement characters
 */
record TusMetadata(String field, Map<String, String> values) {

    private static final int BASE64_GROUP = 4;

    /** No metadata. */
    static final TusMetadata NONE = new TusMetadata("", Map.of());

    /** Reads a field value; empty if it is malformed. */
    static Optional<TusMetadata> parse(String field) {
        // Deviation: the field must have at least one pair, but tuspy sends it empty when there is nothing to say.
        if (field.isBlank()) {
            return Optional.of(NONE);
        }
        Map<String, String> values = new HashMap<>();
        for (String pair : field.split(",", -1)) {
            String text = pair.strip();
            int space = text.indexOf(' ');
            String key = space < 0 ? text : text.substring(0, space);
            Optional<String> value = space < 0 ? Optional.of("") : decode(text.substring(space + 1));
            // "All keys MUST be unique", and a key "MUST NOT be empty".
            if (key.isEmpty() || value.isEmpty() || values.put(key, value.get()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new TusMetadata(field, Map.copyOf(values)));
    }

    private static Optional<String> decode(String base64) {
        if (base64.length() % BASE64_GROUP != 0) {
            // Java would take it without its padding; RFC 4648 §3.2 does not.
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The name of the file, fit to be shown. */
    String fileName() {
        return Claims.fileName(first("filename", "name").orElse(""));
    }

    /** The media type, if it could be one. */
    Optional<String> mediaType() {
        return first("filetype", "type").flatMap(Claims::mediaType);
    }

    private Optional<String> first(String... keys) {
        return Stream.of(keys)
                .map(key -> values.getOrDefault(key, ""))
                .filter(value -> !value.isEmpty())
                .findFirst();
    }
}
