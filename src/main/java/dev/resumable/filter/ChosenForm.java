// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.Representation;
import java.util.Optional;

/**
 * The form of a body that is sent, and the request that it answers.
 *
 * @param kept what keeps the bytes of the coded form; closed with this object
 */
record ChosenForm(Representation representation, ContentRequest asked, Optional<Spool> kept) implements AutoCloseable {

    /** A form that needs no keeping. */
    ChosenForm(Representation representation, ContentRequest asked) {
        this(representation, asked, Optional.empty());
    }

    boolean isCoded() {
        return representation.contentCoding().isPresent();
    }

    @Override
    public void close() {
        kept.ifPresent(Spool::close);
    }
}
