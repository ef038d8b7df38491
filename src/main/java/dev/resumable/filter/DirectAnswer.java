// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.Delivery;
import dev.resumable.content.FileContent;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Answers a plain file without the application, where the container's rules allow it. */
final class DirectAnswer {

    private final Transfers transfers;
    private final ContentRequest asked;
    private final ExchangeOutcome outcome;

    DirectAnswer(Transfers transfers, ContentRequest asked, ExchangeOutcome outcome) {
        this.transfers = transfers;
        this.asked = asked;
        this.outcome = outcome;
    }

    /** Sends the file, or answers false and has written nothing: the chain has to run. */
    boolean send(HttpServletRequest request, ObservedResponse response) throws IOException {
        Optional<Path> file = transfers.staticFiles().directlyAnswered(request);
        if (file.isEmpty()) {
            return false;
        }
        Optional<String> contentType = transfers.staticFiles().contentType(file.get());
        if (!transfers.scope().coversType(contentType.orElse(null))) {
            return false;
        }
        try {
            Delivery delivery = Delivery.of(request, response.below());
            FileContent files = new FileContent(outcome.door(BodyKind.FILE), transfers.tags());
            if (transfers.compression().isWorthIt(contentType.orElse(null))) {
                NegotiatedAnswer answer = new NegotiatedAnswer(transfers.compression(), asked, response, outcome);
                files.send(file.get(), contentType, found -> answer.send(found, BodyKind.FILE, delivery, () -> {}));
            } else {
                files.send(file.get(), contentType, asked, delivery);
            }
            return true;
        } catch (NoSuchFileException | AccessDeniedException e) {
            // Thrown before anything is written: the container has its own answer to that.
            return false;
        } catch (IOException | RuntimeException e) {
            outcome.over();
            throw e;
        }
    }
}
