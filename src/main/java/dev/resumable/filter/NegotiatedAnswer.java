// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.Delivery;
import dev.resumable.content.Representation;
import dev.resumable.content.RepresentationMetadata;
import dev.resumable.content.SelectingStream;
import java.io.IOException;
import java.util.Optional;

/** Answers with a body in the form that the request asks for, and says what the choice depends on. */
final class NegotiatedAnswer {

    private final Compression compression;
    private final ContentRequest asked;
    private final FieldHoldingResponse response;
    private final ExchangeOutcome outcome;

    NegotiatedAnswer(
            Compression compression, ContentRequest asked, FieldHoldingResponse response, ExchangeOutcome outcome) {
        this.compression = compression;
        this.asked = asked;
        this.response = response;
        this.outcome = outcome;
    }

    /** True if all bytes of the body are needed, to code them. */
    boolean mayBeCoded(RepresentationMetadata identity) {
        return hasTwoForms(identity) && !new Negotiation(asked).isIdentity(identity.validators());
    }

    /** True if the body may also be sent in gzip. */
    boolean hasTwoForms(RepresentationMetadata identity) {
        String contentType = identity.contentType().orElseGet(response::getContentType);
        return compression.offersGzip(response, contentType, identity.length());
    }

    /** Sends the body as it is, cut while it is pushed; see {@link dev.resumable.content.ContentResponse#receive}. */
    Optional<SelectingStream> receive(RepresentationMetadata identity) throws IOException {
        if (hasTwoForms(identity)) {
            Compression.vary(response.below());
        }
        response.held().releaseDigestsTo(response.below());
        return outcome.door(BodyKind.SELECTING).receive(identity, asked, response.below());
    }

    /**
     * Sends the body in the one form or the other.
     *
     * @param superseded is told that it is the coded one, so that what keeps the other can go meanwhile
     */
    void send(Representation identity, BodyKind kind, Delivery delivery, Runnable superseded) throws IOException {
        if (!hasTwoForms(identity)) {
            response.held().releaseDigestsTo(response.below());
            outcome.door(kind).send(identity, asked, delivery);
            return;
        }
        Compression.vary(response.below());
        ChosenForm chosen = compression.choose(identity, asked);
        if (chosen.isCoded()) {
            superseded.run();
        } else {
            response.held().releaseDigestsTo(response.below());
        }
        outcome.door(kind).send(chosen.representation(), chosen.asked(), delivery);
    }

    /** Sends nothing: the application's own 304 may be about a body of two forms. */
    void pass() {
        if (compression.mayHaveOfferedGzip(response)) {
            Compression.vary(response.below());
        }
    }
}
