// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.Representation;

/** The form of a body that is sent, and the request that it answers. */
record ChosenForm(Representation representation, ContentRequest asked) {

    boolean isCoded() {
        return representation.contentCoding().isPresent();
    }
}
