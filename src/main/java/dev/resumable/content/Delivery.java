// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Where an answer goes, and whether its body may go on after the call that sends it has returned.
 *
 * @param request the request that is answered
 * @param response its uncommitted response, whose output was not asked for yet
 * @param async how the body goes on without a thread that waits for the client
 */
public record Delivery(HttpServletRequest request, HttpServletResponse response, AsyncStart async) {

    /** Without a thread that waits, if filters and servlet support async. The response must not be touched afterwards. */
    public static Delivery of(HttpServletRequest request, HttpServletResponse response) {
        return new Delivery(request, response, AsyncStart.of(request, response));
    }

    /** All of it before the call returns, on the calling thread. */
    public static Delivery blocking(HttpServletRequest request, HttpServletResponse response) {
        return new Delivery(request, response, AsyncStart.never());
    }
}
