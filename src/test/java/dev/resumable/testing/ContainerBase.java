// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** How a family of distributions keeps one server's own files apart from the program, and how it starts. */
interface ContainerBase {
    /** Fills an empty base directory: configuration for {@code port} of 127.0.0.1, no application. */
    void prepare(Path home, Path base, int port) throws IOException;

    /** Gives the arguments of {@code java}, with {@code systemProperties} as {@code -D} options among them. */
    List<String> arguments(Path home, Path base, List<String> systemProperties);

    /** Puts a WAR into the base; the context path is empty or a slash and a name. */
    default void deploy(Path base, Path war, String contextPath) throws IOException {
        String name = contextPath.isEmpty() ? "ROOT" : contextPath.substring(1);
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("neither empty nor a slash and a name: " + contextPath);
        }
        Path target = base.resolve("webapps").resolve(name + ".war");
        Files.copy(war, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
