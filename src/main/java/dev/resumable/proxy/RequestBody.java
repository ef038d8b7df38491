// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The content of a request, not touched before it is asked for.
 *
 * <p>To ask for it is what makes the container send 100 (Continue) to a client that waits for that (RFC 9110 §10.1.1).
 *
 * @param request where it is read from
 * @param length its length in bytes; empty if the client has not told it
 * @param patience for how long it is waited for
 * @param ahead its first bytes, where they had to be read to find out that there are any
 */
record RequestBody(HttpServletRequest request, OptionalLong length, ClientPatience patience, InputStream ahead) {

    /** Methods whose content has no meaning (RFC 9110 §9.3); it is sent on only where its framing says that there is some. */
    private static final Set<String> SELDOM_WITH_CONTENT =
            Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private static final int AHEAD = 8 * 1024;

    private RequestBody(HttpServletRequest request, OptionalLong length, ClientPatience patience) {
        this(request, length, patience, InputStream.nullInputStream());
    }

    /** The content of a request, if there is any; to be asked once. */
    static Optional<RequestBody> of(HttpServletRequest request, ClientPatience patience) throws ClientException {
        long length = request.getContentLengthLong();
        if (length >= 0) {
            return Optional.of(new RequestBody(request, OptionalLong.of(length), patience));
        }
        if (request.getHeader("Transfer-Encoding") != null) {
            return Optional.of(new RequestBody(request, OptionalLong.empty(), patience));
        }
        if (request.getProtocol().startsWith("HTTP/1")) {
            return Optional.empty();
        }
        // Later versions have no field for it (RFC 9113 §8.1.1, RFC 9114 §4.1): there only the stream tells.
        RequestBody unknown = new RequestBody(request, OptionalLong.empty(), patience);
        return SELDOM_WITH_CONTENT.contains(request.getMethod()) ? unknown.unlessEmpty() : Optional.of(unknown);
    }

    private Optional<RequestBody> unlessEmpty() throws ClientException {
        byte[] first = new byte[AHEAD];
        int got = patience.within(
                () -> isReadAsText() ? -1 : request.getInputStream().read(first));
        return got < 0
                ? Optional.empty()
                : Optional.of(new RequestBody(request, length, patience, new ByteArrayInputStream(first, 0, got)));
    }

    /** True if a filter in front has read the content already. */
    private boolean isReadAsText() throws IOException {
        try {
            request.getInputStream();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    /** Nobody wants the rest of it: {@link #open} has given a stream that fails by an {@link UnwantedContentException} from now on. */
    void stop() {
        patience.stopReading();
    }

    /** The bytes; a failure is a {@link ClientException}, and so is an end before the length. */
    InputStream open() throws ClientException {
        try {
            InputStream in = new ClientStream(request.getInputStream(), length, patience);
            return ahead.available() == 0 ? in : new SequenceInputStream(ahead, in);
        } catch (IOException | RuntimeException e) {
            throw ClientException.of(e);
        }
    }

    /** The trailer section, once the content has ended. */
    FieldSection trailers() {
        FieldSection trailers = new FieldSection();
        if (request.isTrailerFieldsReady()) {
            for (Map.Entry<String, String> trailer : request.getTrailerFields().entrySet()) {
                if (FieldSection.isName(trailer.getKey()) && FieldSection.isValue(trailer.getValue())) {
                    trailers.add(trailer.getKey(), trailer.getValue());
                }
            }
        }
        return EndToEndFields.ofTrailers(trailers);
    }

    /** Tells a failure of the client from one of the upstream server, into which its bytes are copied. */
    private static final class ClientStream extends InputStream {

        private final InputStream in;
        private final OptionalLong length;
        private final ClientPatience patience;
        private long position;

        ClientStream(InputStream in, OptionalLong length, ClientPatience patience) {
            this.in = in;
            this.length = length;
            this.patience = patience;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int got;
            try {
                got = patience.reading(() -> in.read(bytes, offset, count));
            } catch (RuntimeException e) {
                throw ClientException.of(e);
            }
            if (got < 0 && patience.isOver()) {
                // However a container ends a read that was given up, it is not the end of the content.
                throw ClientException.timedOut();
            }
            if (got < 0 && length.isPresent() && position < length.getAsLong()) {
                throw new ClientException(new IOException("the content ended after " + position + " bytes"));
            }
            position += Math.max(got, 0);
            return got;
        }

        @Override
        public int available() throws IOException {
            try {
                return in.available();
            } catch (IOException | RuntimeException e) {
                throw ClientException.of(e);
            }
        }
    }
}
