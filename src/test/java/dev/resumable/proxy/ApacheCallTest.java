// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.hc.core5.util.Deadline;
import org.apache.hc.core5.util.DeadlineTimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("a call that gets no connection of the pool")
final class ApacheCallTest {

    @Test
    @DisplayName("is told to come again, also where the pool itself has seen that the time is up")
    void outOfTime() {
        ExecutionException failure = new ExecutionException(DeadlineTimeoutException.from(Deadline.MIN_VALUE));

        assertThat(ApacheCall.notLeased(failure).problem()).isEqualTo(ProxyProblem.OVERLOADED);
    }

    @Test
    @DisplayName("for any other reason has an unreachable server")
    void otherwise() {
        ExecutionException failure = new ExecutionException(new IOException("none"));

        assertThat(ApacheCall.notLeased(failure).problem()).isEqualTo(ProxyProblem.UNREACHABLE);
    }
}
