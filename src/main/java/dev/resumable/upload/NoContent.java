// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import java.io.IOException;

/** Requests that must come without content. */
final class NoContent {

    private NoContent() {}

    /**
     * Works and answers, or refuses if there is content; the caller has nothing more to do. Over HTTP/2 only the end of the
     * stream may tell (RFC 9113 §8.1), which is waited for as bodies are: by no thread, and not for ever.
     */
    static void require(
            UploadExchange exchange, RunningRequests running, Failed refusal, Attempt work, BodyReception.Answer answer)
            throws IOException {
        if (exchange.hasContent()) {
            answer.write(refusal);
        } else if (exchange.isFramedByStream()) {
            DocumentSink nothing = new DocumentSink(0, refusal, none -> Attempt.outcomeOf(work));
            BodyReception.receive(exchange, nothing, running, answer);
        } else {
            answer.write(Attempt.outcomeOf(work));
        }
    }
}
