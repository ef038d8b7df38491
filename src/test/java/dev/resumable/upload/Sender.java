// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Completion;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;

/**
 * Sends one upload after another to a server that is killed meanwhile, and remembers what was acknowledged: that must be there
 * afterwards, and nothing that was not sent.
 */
abstract class Sender {

    /** No two uploads have the same bytes. */
    private static final int MIN_SIZE = 300_000;

    private static final int MORE_SIZE = 1_200_000;

    protected final String base;
    protected final Random random;
    protected final AcknowledgedFiles files;

    Sender(String base, Random random, AcknowledgedFiles files) {
        this.base = base;
        this.random = random;
        this.files = files;
    }

    /** Whether a request was answered; without an answer nobody knows what has become of it. */
    enum Step {
        ANSWERED,
        SERVER_GONE
    }

    /** Sends the next request; an answer that does not go on is an {@link AssertionError}. */
    abstract Step step(int port) throws IOException;

    /** Compares what a server says that was started again with what was acknowledged and sent. */
    abstract void check(int port) throws IOException;

    /** Goes on until the server is gone. */
    final void sendUntilGone(int port) {
        try {
            while (step(port) == Step.ANSWERED) {
                // One request after the other.
            }
        } catch (IOException e) {
            throw new AssertionError("an answer that is no document", e);
        }
    }

    /** Goes on until a file is whole; the server is there. */
    final void sendFile(int port) throws IOException {
        int before = files.count();
        while (files.count() == before) {
            assertThat(step(port)).isEqualTo(Step.ANSWERED);
        }
    }

    protected final byte[] newContent() {
        return PartsClient.bytes(random.nextLong(), MIN_SIZE + random.nextInt(MORE_SIZE));
    }

    /** Sends a request; empty if no whole answer came. */
    protected static Optional<RawResponse> ask(int port, RawRequest request) {
        try {
            return Optional.of(RawClient.once(port, request))
                    .filter(response -> response.completion() == Completion.COMPLETE);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    protected static RawResponse assertStatus(RawResponse response, int... statuses) {
        assertThat(statuses).as("answer %s", response).contains(response.status());
        return response;
    }
}
