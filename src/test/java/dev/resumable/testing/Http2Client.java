// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncRequester;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientEndpoint;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.StreamChannel;
import org.apache.hc.core5.http.nio.entity.AbstractBinAsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2RequesterBootstrap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.net.URIAuthority;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends requests over HTTP/2 without TLS, as front servers do that end it: by prior knowledge (RFC 9113 §3.3), for any
 * authority, and with content that has no Content-Length.
 */
public final class Http2Client implements AutoCloseable {

    private static final Timeout PATIENCE = Timeout.ofSeconds(20);

    private final HttpAsyncRequester requester = H2RequesterBootstrap.bootstrap()
            .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
            .create();
    private final int port;

    /** A client of a server on this machine. */
    public Http2Client(int port) {
        this.port = port;
        requester.start();
    }

    /**
     * An answer.
     *
     * @param status its status
     * @param body its content as text, empty without one
     */
    public record Answer(int status, String body) {}

    /** Sends a request that has no content: its stream ends with its fields. */
    public Answer send(String method, String authority, String path, String... fieldLines) throws IOException {
        return exchange(request(method, authority, path, fieldLines), Optional.empty());
    }

    /** Sends a request whose content is as long as it turns out to be. */
    public Answer stream(String method, String authority, String path, byte[] content, String... fieldLines)
            throws IOException {
        return exchange(
                request(method, authority, path, fieldLines),
                Optional.of(new BasicAsyncEntityProducer(content, (ContentType) null, true)));
    }

    /** Sends the fields of a request, and neither content nor its end. */
    public Answer leaveOpen(String method, String authority, String path, String... fieldLines) throws IOException {
        return exchange(request(method, authority, path, fieldLines), Optional.of(new Silence()));
    }

    private static BasicHttpRequest request(String method, String authority, String path, String... fieldLines) {
        BasicHttpRequest request = new BasicHttpRequest(method, "http", new URIAuthority(authority), path);
        for (String line : fieldLines) {
            int colon = line.indexOf(':');
            request.addHeader(
                    line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return request;
    }

    private Answer exchange(BasicHttpRequest request, Optional<AsyncEntityProducer> content) throws IOException {
        try {
            AsyncClientEndpoint endpoint = requester
                    .connect(new HttpHost("http", "127.0.0.1", port), PATIENCE)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            try {
                Message<HttpResponse, String> got = endpoint.execute(
                                new BasicRequestProducer(request, content.orElse(null)),
                                new BasicResponseConsumer<>(new StringAsyncEntityConsumer()),
                                null)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return answer(got);
            } finally {
                endpoint.releaseAndDiscard();
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Answer answer(Message<HttpResponse, String> got) {
        HttpResponse head = got.getHead();
        if (head.getVersion().getMajor() != 2) {
            throw new AssertionError("not HTTP/2: " + head);
        }
        return new Answer(head.getCode(), Optional.ofNullable(got.getBody()).orElse(""));
    }

    @Override
    public void close() {
        requester.close(CloseMode.IMMEDIATE);
    }

    /** Content of which nothing ever comes. */
    private static final class Silence extends AbstractBinAsyncEntityProducer {

        Silence() {
            super(0, ContentType.APPLICATION_OCTET_STREAM);
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        protected int availableData() {
            return 0;
        }

        @Override
        protected void produceData(StreamChannel<ByteBuffer> channel) {
            // Later perhaps.
        }

        @Override
        public void failed(Exception cause) {
            // Nobody waits for it.
        }
    }
}
