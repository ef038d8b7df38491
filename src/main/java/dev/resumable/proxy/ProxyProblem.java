// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

/** Why a request was not answered by the upstream server; what a client is told of it (RFC 9457). */
public enum ProxyProblem {
    /** The request cannot be passed on: its path leaves the target, or its framing is ambiguous. */
    BAD_REQUEST(400, "Bad Request", "The request cannot be passed on."),
    /** The target that the request names is not allowed, or cannot be found: one answer, so that nobody can find out which. */
    TARGET_REFUSED(403, "Forbidden", "The target is not allowed."),
    /** The path is not one that is passed on. */
    NOT_FOUND(404, "Not Found", "There is nothing at this path."),
    /** The method is not one that is passed on. */
    METHOD_REFUSED(405, "Method Not Allowed", "The method is not passed on."),
    /** The client did not send the content of its request in time. */
    CLIENT_TIMED_OUT(408, "Request Timeout", "The content of the request did not come in time."),
    /** The upstream server could not be reached. */
    UNREACHABLE(502, "Bad Gateway", "The upstream server cannot be reached."),
    /** The upstream server broke the connection, or its answer is malformed. */
    BAD_ANSWER(502, "Bad Gateway", "The upstream server gave no valid answer."),
    /** The answer of a server that the request has chosen is longer than allowed. */
    TOO_LONG(502, "Bad Gateway", "The answer of the upstream server is too long."),
    /** All connections are in use, and the queue is full or the wait was too long. */
    OVERLOADED(503, "Service Unavailable", "Too many requests are being passed on."),
    /** The upstream server did not answer in time. */
    TIMED_OUT(504, "Gateway Timeout", "The upstream server did not answer in time.");

    private final int status;
    private final String title;
    private final String detail;

    ProxyProblem(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The phrase of the status code. */
    public String title() {
        return title;
    }

    /** One sentence without names, addresses or causes. */
    public String detail() {
        return detail;
    }

    /** The content of an {@code application/problem+json}. */
    String json() {
        return "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail
                + "\"}";
    }
}
