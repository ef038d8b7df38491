// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.Delivery;
import dev.resumable.content.FileContent;
import dev.resumable.filter.ResourceFiles.Found;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
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
    boolean send(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Found> found = transfers.staticFiles().directlyAnswered(request);
        if (found.isEmpty()) {
            return false;
        }
        Optional<String> contentType = found.get().contentType();
        if (!transfers.scope().coversType(contentType.orElse(null))) {
            return false;
        }
        try {
            send(found.get(), contentType, Delivery.of(request, response));
            return true;
        } catch (NoSuchFileException | AccessDeniedException e) {
            // Thrown before anything is written: the container has its own answer to that.
            return false;
        } catch (IOException | RuntimeException e) {
            outcome.over();
            throw e;
        }
    }

    private void send(Found found, Optional<String> contentType, Delivery delivery) throws IOException {
        FileContent files = new FileContent(outcome.door(BodyKind.FILE), transfers.tags());
        if (transfers.compression().isWorthIt(contentType.orElse(null))) {
            NegotiatedAnswer answer =
                    new NegotiatedAnswer(transfers.compression(), asked, new NothingHeld(delivery.response()), outcome);
            files.send(
                    found.file(),
                    found.state(),
                    contentType,
                    asked,
                    file -> !answer.mayBeCoded(file),
                    file -> answer.send(file, BodyKind.FILE, delivery, () -> {}));
        } else {
            files.send(found.file(), found.state(), contentType, asked, delivery);
        }
    }

    /** The response as filters in front have left it: no application has said anything yet. */
    private static final class NothingHeld extends FieldHoldingResponse {

        NothingHeld(HttpServletResponse response) {
            super(response);
        }

        @Override
        boolean isFrozen() {
            return false;
        }

        @Override
        boolean hasTakenBytes() {
            return false;
        }
    }
}
