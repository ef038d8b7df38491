// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.AnswerObserver;
import dev.resumable.content.AnswerReport;
import dev.resumable.content.ContentResponse;
import dev.resumable.http.RequestMethod;
import dev.resumable.metrics.PassReason;
import dev.resumable.metrics.TransferEvents.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one exchange: gathered here from all places that know a part of it, told to the client (by diagnostics) as
 * soon as it is decided, and to the listener of events when it is over.
 */
final class ExchangeOutcome {

    private final Transfers transfers;
    private final RequestMethod method;
    private final HttpServletResponse response;
    private final Scope.Ranges ranges;
    private final ContentResponse door;
    private final AnswerReport report;
    private volatile @Nullable PassReason passing;
    private volatile @Nullable Throwable thrown;
    private volatile long passedBytes;

    /**
     * @param method the method that the client has asked
     * @param response the response below ours
     */
    ExchangeOutcome(
            Transfers transfers, RequestMethod method, HttpServletRequest request, HttpServletResponse response) {
        this.transfers = transfers;
        this.method = method;
        this.response = response;
        this.ranges = transfers.scope().rangesOf(request);
        this.door = ranges == Scope.Ranges.ON ? transfers.door() : transfers.doorWithoutRanges();
        this.report = new AnswerReport(transfers.events());
    }

    /** False if ranges are switched off, here or everywhere. */
    boolean answersRanges() {
        return ranges == Scope.Ranges.ON && transfers.config().answers().maxRanges() > 0;
    }

    /** The door for an answer whose bytes are of this kind. */
    ContentResponse door(BodyKind kind) {
        return door.observedBy(new AnswerObserver() {
            @Override
            public void decided(Answer answer) {
                report.decided(answer);
                transfers.diagnostics().answering(response, kind, answer.range());
            }

            @Override
            public void clientLeft(IOException failure) {
                report.clientLeft(failure);
            }

            @Override
            public void complete() {
                report.complete();
            }

            @Override
            public void broken() {
                report.broken();
            }
        });
    }

    /** The body is complete, and was kept. */
    void spooled(Spool spool) {
        transfers.events().spooled(spool.place(), spool.size());
    }

    /** What was kept so far is not kept any longer. */
    void givesUp(Spool spool, PassReason reason) {
        transfers.events().spoolGivenUp(reason, spool.size());
    }

    /** The response passes as the application makes it. */
    void passes(PassReason reason) {
        passing = reason;
        transfers.diagnostics().passing(response, reason);
    }

    /** So many bytes of a response that passes were handed to the container, to its end. */
    void passed(long bytes) {
        passedBytes = method == RequestMethod.HEAD ? 0 : bytes;
    }

    /** The container's stream has thrown. */
    void clientLeft(IOException failure) {
        report.clientLeft(failure);
    }

    /** True once the container's stream has thrown. */
    boolean hasClientLeft() {
        return report.hasClientLeft();
    }

    /** The application has thrown, which is no fault of the client; containers bring it back as an error of theirs. */
    void applicationThrew(Throwable failure) {
        thrown = failure;
    }

    /** A container tells a listener of an error; true if it is one of the connection. */
    boolean containerTold(@Nullable Throwable failure) {
        if (failure instanceof IOException ofConnection && failure != thrown) {
            clientLeft(ofConnection);
            return true;
        }
        return false;
    }

    /** All was handed to the container. */
    void complete() {
        PassReason reason = passing;
        if (reason == null) {
            report.complete();
        } else {
            report.passed(reason, passedBytes);
        }
    }

    /** The application has left the response to the container, with an error or a redirect. */
    void left() {
        report.passed(PassReason.ERROR_OR_REDIRECT, 0);
    }

    /** Whatever happens from here on, the exchange is over; it has failed, unless it was told before how it ended. */
    void over() {
        report.broken();
    }
}
