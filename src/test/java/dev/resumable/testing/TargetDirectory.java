// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.nio.file.Path;

/** Where the build puts what it makes; Maven tells the project's folder, an editor starts in it. */
final class TargetDirectory {
    private TargetDirectory() {}

    static Path path() {
        return Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "target")
                .toAbsolutePath();
    }
}
