// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The client side of HTTP: all that the proxy needs of it. */
interface Upstream extends AutoCloseable {

    /**
     * A call that is not made yet.
     *
     * @param body the content to send, read only when the server wants it
     * @param interim is told of interim responses
     */
    Call call(AddressedRequest request, Optional<RequestBody> body, Interim interim);

    /** Takes interim responses, before the final one and on the thread that waits for it. */
    @FunctionalInterface
    interface Interim {

        /**
         * Takes one, but for 100 and 101.
         *
         * @param fields those of the other end, without framing
         */
        void take(int status, FieldSection fields) throws IOException;
    }

    /** Cancels all calls and closes all connections. */
    @Override
    void close();

    /** One request and its answer. A thread makes it; any thread may {@link #cancel()} it at any time. */
    interface Call {

        /**
         * Sends the request and waits for the head of the final response.
         *
         * @throws UpstreamException if there is none
         * @throws ClientException if the content of the request could not be read; the request was broken off
         */
        UpstreamResponse open() throws IOException;

        /** False if the answer has come before all content of the request was sent, and no more will be. */
        boolean hasSentContent();

        /** The content; every {@link IOException} of it is an {@link UpstreamException}, its end is the end of the framing. */
        InputStream content();

        /** True if more content, or its end, can be read without waiting. */
        boolean hasMore() throws IOException;

        /** Waits for content at most this long; true if it can be read, if only to find out that it ended or broke. */
        boolean await(Duration time) throws IOException;

        /** The names of the trailer fields that are announced, without what must not be there. */
        List<String> announcedTrailers();

        /** The trailer section without what must not be in it; to be asked after the content has ended. */
        FieldSection trailers();

        /** Gives the connection back if the content was read to its end, else breaks it off. */
        void release();

        /** Breaks the connection off at once, without reading what is left; a thread that waits for it is woken. */
        void cancel();
    }
}
