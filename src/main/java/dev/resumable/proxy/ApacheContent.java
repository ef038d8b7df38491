// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/** The content of a request in the form that the library sends. */
final class ApacheContent implements HttpEntity {

    private static final int BUFFER = 64 * 1024;

    private final RequestBody body;
    private final ContentWatch watch;

    ApacheContent(RequestBody body, ContentWatch watch) {
        this.body = body;
        this.watch = watch;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try {
            copy(body.open(), out);
        } catch (ClientException | RuntimeException | Error e) {
            // Before the library closes the stream: it would end the content as if it were whole. Any other exception
            // is that of the server's side, where an answer may wait.
            watch.notWriting();
            watch.cancel();
            throw e;
        } catch (IOException e) {
            watch.notWriting();
            throw e;
        }
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
        if (in.available() == 0) {
            // The head is not sent yet, and a server may refuse it before the client sends any content (RFC 9112 §9.3).
            watch.writing();
            out.flush();
            watch.notWriting();
        }
        byte[] buffer = new byte[BUFFER];
        for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
            watch.writing();
            out.write(buffer, 0, got);
            if (in.available() == 0) {
                // The client may wait for what the server makes of this much.
                out.flush();
            }
            watch.notWriting();
        }
        // The library is still to write the end.
        watch.writing();
    }

    @Override
    public long getContentLength() {
        return body.length().orElse(-1);
    }

    @Override
    public boolean isChunked() {
        return body.length().isEmpty();
    }

    @Override
    public Supplier<List<? extends Header>> getTrailers() {
        return () -> body.trailers().lines().stream()
                .map(line -> new BasicHeader(line.name(), line.value()))
                .toList();
    }

    @Override
    public InputStream getContent() throws IOException {
        return body.open();
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public @Nullable String getContentType() {
        return null;
    }

    @Override
    public @Nullable String getContentEncoding() {
        return null;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    @Override
    public void close() {
        // The container owns the stream.
    }
}
