// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.servlet.Container;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types whose charset goes without saying. */
final class AssumedCharset {

    private static final Set<String> JSON = Set.of("application/json", "text/json", "application/vnd.api+json");

    private AssumedCharset() {}

    /** Jetty takes the charset of JSON as known, and names none. */
    static boolean isOf(@Nullable String contentType, Container container) {
        return container == Container.JETTY
                && JSON.contains(String.valueOf(contentType).toLowerCase(Locale.ROOT));
    }
}
