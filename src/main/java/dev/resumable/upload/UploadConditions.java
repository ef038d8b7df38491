// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.Validators;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadId;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * The conditions of requests that change an upload (RFC 9110 §13.2).
 *
 * <p>An upload has no validators: of all tags and dates only {@code *} can be meant. Its state is agreed on by offsets.
 */
final class UploadConditions {

    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    private final UploadEngine engine;

    UploadConditions(UploadEngine engine) {
        this.engine = engine;
    }

    /** Why the request must not be carried out; empty if its conditions hold, or if there is no such upload. */
    Optional<Failed> refusal(UploadId id, UploadExchange exchange) throws IOException {
        if (SAFE.contains(exchange.method()) || hold(exchange)) {
            return Optional.empty();
        }
        return engine.find(id, exchange.owner())
                .map(state -> UploadOutcome.failed(
                        UploadProblem.PRECONDITION_FAILED, "The upload is not in the state that the request is for."));
    }

    private static boolean hold(UploadExchange exchange) {
        ConditionalRequest conditions = ConditionalRequest.parse(exchange.fields());
        return Preconditions.evaluate(conditions, Validators.none(), RequestMethod.OTHER)
                instanceof Preconditions.Proceed;
    }
}
