// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.List;

/** Where the fields of a message are read from. */
@FunctionalInterface
public interface FieldLines {
    /**
     * Returns the values of all lines of a field in their order; an empty list if the field is not there.
     *
     * @param fieldName the name, which is case-insensitive
     */
    List<String> lines(String fieldName);
}
