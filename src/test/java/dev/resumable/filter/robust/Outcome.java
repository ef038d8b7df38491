// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Completion;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Optional;

/**
 * What a client has of one exchange, however that ended.
 *
 * @param response the answer, if its head arrived whole
 * @param silent true if the client gave up waiting
 */
record Outcome(Optional<RawResponse> response, boolean silent) {

    /** Sends a request over a connection of its own and takes what comes. */
    static Outcome of(int port, RawRequest request) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            return of(client, request);
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            // Reset by a link before connect() has returned.
            return new Outcome(Optional.empty(), false);
        }
    }

    /** Sends a request and takes what comes. */
    static Outcome of(RawClient client, RawRequest request) throws IOException {
        try {
            return of(client.exchange(request));
        } catch (SocketTimeoutException e) {
            return new Outcome(Optional.empty(), true);
        } catch (EOFException | SocketException e) {
            return new Outcome(Optional.empty(), false);
        }
    }

    private static Outcome of(RawResponse response) {
        return new Outcome(Optional.of(response), response.completion() == Completion.TIMED_OUT);
    }

    /** The answer, if the client must take it for complete. */
    Optional<RawResponse> complete() {
        return response.filter(got -> got.completion() == Completion.COMPLETE);
    }

    /** Fails the test unless the client got a whole error page without a trace of the failed body, or sees it broken. */
    void assertFailed(String what) {
        assertThat(silent)
                .as("%s leaves the client waiting: %s", what, response)
                .isFalse();
        complete().ifPresent(got -> {
            assertThat(got.status()).as("%s looks complete: %s", what, got).isEqualTo(500);
            for (String name :
                    new String[] {"ETag", "Last-Modified", "Accept-Ranges", "Content-Range", "Repr-Digest"}) {
                assertThat(got.field(name)).as("%s: %s", what, name).isEmpty();
            }
        });
    }
}
