// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;

/** The upstream side has failed: before the head of its answer, or in the middle of the content. */
final class UpstreamException extends IOException {

    private static final long serialVersionUID = 1L;

    private final ProxyProblem problem;

    UpstreamException(ProxyProblem problem, String message) {
        super(message);
        this.problem = problem;
    }

    UpstreamException(ProxyProblem problem, IOException cause) {
        super(cause.toString());
        this.problem = problem;
    }

    /** Servers fail in ordinary operation, and containers log what is thrown: the message tells all. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    ProxyProblem problem() {
        return problem;
    }
}
