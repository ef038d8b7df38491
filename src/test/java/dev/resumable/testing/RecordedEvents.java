// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import dev.resumable.http.RangeOutcome;
import dev.resumable.metrics.PassReason;
import dev.resumable.metrics.TransferEvents;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a listener was told, in order, as text. */
public class RecordedEvents implements TransferEvents {

    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Gives what was told since the last call. */
    public List<String> take() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    /** Gives what was told and keeps it. */
    public List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public void answered(Answer answer) {
        told.add("answered %d %s sent %d saved %d"
                .formatted(answer.status(), answer.range(), answer.bytesSent(), answer.bytesSaved()));
    }

    @Override
    public void passed(PassReason reason, long bytes) {
        told.add("passed %s %d".formatted(reason, bytes));
    }

    @Override
    public void clientAborted() {
        told.add("aborted");
    }

    @Override
    public void failed() {
        told.add("failed");
    }

    @Override
    public void rangesRefused(RangeOutcome limit) {
        told.add("refused " + limit);
    }

    @Override
    public void spooled(SpoolPlace place, long bytes) {
        told.add("spooled %s %d".formatted(place, bytes));
    }

    @Override
    public void spoolGivenUp(PassReason reason, long bytes) {
        told.add("given up %s %d".formatted(reason, bytes));
    }

    @Override
    public void uploadStep(UploadStep step, long bytes) {
        told.add("upload %s %d".formatted(step, bytes));
    }
}
