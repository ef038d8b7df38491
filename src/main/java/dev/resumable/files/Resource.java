// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What a path names, as far as the outside may know. */
sealed interface Resource {

    /** A regular file that can be read; {@code path} is real, without links. */
    record RegularFile(Path path, BasicFileAttributes attributes) implements Resource {}

    /** A directory that can be read; {@code path} is real, without links. */
    record Directory(Path path, BasicFileAttributes attributes) implements Resource {}

    /** Nothing, or nothing that may be shown: both look the same from outside. */
    record Missing() implements Resource {}
}
