// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.store.UploadLocks.Urgency;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Bodies in the hands of a slow disk, and of one that fails in unexpected ways. */
class BodySinkTest {

    private final CountDownLatch taking = new CountDownLatch(1);
    private final CountDownLatch diskIsDone = new CountDownLatch(1);
    private boolean released;

    /** A body of which each byte is taken as it comes to be tested. */
    private abstract class Sink extends BodySink {

        @Override
        protected UploadOutcome finish(Ending how) {
            return new Removed();
        }

        @Override
        protected UploadOutcome fail(IOException failure) {
            return UploadOutcome.failed(UploadProblem.STORE_FAILED, "failed", Map.of());
        }

        @Override
        protected void makeDurable() {}

        @Override
        protected void release() {
            released = true;
        }
    }

    private final class OnASlowDisk extends Sink {

        @Override
        protected Optional<UploadOutcome> take(byte[] bytes, int offset, int length) throws IOException {
            taking.countDown();
            try {
                diskIsDone.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return Optional.empty();
        }
    }

    private final class OnABrokenDisk extends Sink {

        @Override
        protected Optional<UploadOutcome> take(byte[] bytes, int offset, int length) {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void whoWaitsForTheDiskIsNotIdle() throws Exception {
        BodySink sink = new OnASlowDisk();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> written = reader.submit(() -> sink.write(new byte[1], 0, 1));
            taking.await();
            await().until(() -> sink.ageNanos() > Duration.ofMillis(300).toNanos());

            assertThat(sink.idleNanos()).isZero();
            sink.askedToLetGo(Urgency.IF_IDLE);
            long done = System.nanoTime();
            diskIsDone.countDown();

            assertThat(written.get()).isTrue();
            assertThat(sink.idleNanos()).isLessThanOrEqualTo(System.nanoTime() - done);
        } finally {
            reader.shutdownNow();
        }
    }

    @Test
    void whatNobodyExpectsLetsGoToo() {
        BodySink sink = new OnABrokenDisk();

        assertThat(sink.write(new byte[1], 0, 1)).isFalse();

        assertThat(released).isTrue();
        assertThat(EngineFixture.problem(sink.outcome())).isEqualTo(UploadProblem.STORE_FAILED);
        assertThat(sink.end(Ending.WHOLE)).isSameAs(sink.outcome());
    }
}
