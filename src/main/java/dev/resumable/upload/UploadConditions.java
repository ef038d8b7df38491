// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.Validators;
import dev.resumable.upload.PartRequest.Presence;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadId;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The conditions of requests that change an upload or a part of one (RFC 9110 §13.2).
 *
 * <p>Neither has validators: of all tags and dates only {@code *} can be meant. The state of an upload is agreed on by offsets.
 */
final class UploadConditions {

    private final UploadEngine engine;
    private final String protocol;

    UploadConditions(UploadEngine engine, String protocol) {
        this.engine = engine;
        this.protocol = protocol;
    }

    /** A change of an upload. */
    @FunctionalInterface
    interface Change {
        void run(UploadId id, UploadExchange exchange) throws IOException;
    }

    /** Makes a change unless it is meant for another state. */
    void ifMeant(UploadId id, UploadExchange exchange, Change change) throws IOException {
        Optional<Failed> refusal = refusal(id, exchange);
        if (refusal.isPresent()) {
            exchange.answer(refusal.get());
        } else {
            change.run(id, exchange);
        }
    }

    /** RFC 9110 §13.2.1: of an upload that is not there, or is changed in another protocol alone, the conditions are ignored. */
    private Optional<Failed> refusal(UploadId id, UploadExchange exchange) throws IOException {
        if (holdIfPresent(conditions(exchange))) {
            return Optional.empty();
        }
        return engine.find(id, exchange.owner())
                .filter(state -> state.plan().protocol().equals(protocol))
                .map(state -> UploadOutcome.failed(
                        UploadProblem.PRECONDITION_FAILED, "The upload is not in the state that the request is for."));
    }

    /** The states of a part in which a request may put it, which is its target, and not the upload (RFC 9110 §13.1.1, §13.1.2). */
    static Set<Presence> ofPart(UploadExchange exchange) {
        ConditionalRequest conditions = conditions(exchange);
        Set<Presence> meantFor = EnumSet.noneOf(Presence.class);
        if (holdIfPresent(conditions)) {
            meantFor.add(Presence.PRESENT);
        }
        // Of what is not there nothing matches, so that If-None-Match holds with whatever it says.
        if (!conditions.ifMatch().isPresent()) {
            meantFor.add(Presence.MISSING);
        }
        return meantFor;
    }

    private static ConditionalRequest conditions(UploadExchange exchange) {
        return ConditionalRequest.parse(exchange.fields());
    }

    private static boolean holdIfPresent(ConditionalRequest conditions) {
        return Preconditions.evaluate(conditions, Validators.none(), RequestMethod.OTHER)
                instanceof Preconditions.Proceed;
    }
}
