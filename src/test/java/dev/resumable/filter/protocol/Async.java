// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Applications that answer on a thread of their own. */
final class Async {

    private Async() {}

    /** What the other thread does with the response. */
    @FunctionalInterface
    interface Work {
        void run(HttpServletResponse response) throws IOException;
    }

    /** Starts async, does the work on another thread and completes, also if the work fails. */
    static void run(HttpServletRequest request, Work work) {
        AsyncContext async = request.startAsync();
        async.setTimeout(60_000);
        Thread thread = new Thread(() -> {
            try {
                work.run((HttpServletResponse) async.getResponse());
            } catch (IOException e) {
                // The client has gone; complete() tells the container all the same.
            } finally {
                async.complete();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
