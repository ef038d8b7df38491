// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import jakarta.servlet.ServletContext;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known only when the application starts: the first that is set of an init-param of the context, a system property
 * and an environment variable.
 */
enum Setting {
    /** {@code files.dir}, {@code resumable.example.dir}, {@code RESUMABLE_EXAMPLE_DIR}: what {@code /files/} shows. */
    FILES("files.dir", "dir"),
    /** {@code uploads.dir}, {@code resumable.example.data}, {@code RESUMABLE_EXAMPLE_DATA}: where uploads are kept. */
    UPLOADS("uploads.dir", "data"),
    /**
     * {@code uploads.owner-field}, {@code resumable.example.owner-field}, {@code RESUMABLE_EXAMPLE_OWNER_FIELD}: the field in
     * which a trusted front server names the owner of uploads.
     */
    OWNER_FIELD("uploads.owner-field", "owner-field");

    private final String initParameter;
    private final String name;

    Setting(String initParameter, String name) {
        this.initParameter = initParameter;
        this.name = name;
    }

    /** The value in an application. */
    Optional<String> in(ServletContext context) {
        return Stream.of(
                        context.getInitParameter(initParameter),
                        System.getProperty("resumable.example." + name),
                        System.getenv("RESUMABLE_EXAMPLE_"
                                + name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .filter(Objects::nonNull)
                .findFirst();
    }
}
