// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
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
 */
record RequestBody(HttpServletRequest request, OptionalLong length) {

    /** Methods whose content has no meaning (RFC 9110 §9.3); it is sent on only where its framing says that there is some. */
    private static final Set<String> SELDOM_WITH_CONTENT =
            Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    /** The content of a request, if there is any. */
    static Optional<RequestBody> of(HttpServletRequest request) {
        long length = request.getContentLengthLong();
        if (length >= 0) {
            return Optional.of(new RequestBody(request, OptionalLong.of(length)));
        }
        // HTTP/2 has no field for it (RFC 9113 §8.1.1): there only the stream would tell.
        boolean unknown = request.getHeader("Transfer-Encoding") != null
                || (request.getProtocol().startsWith("HTTP/2") && !SELDOM_WITH_CONTENT.contains(request.getMethod()));
        return unknown ? Optional.of(new RequestBody(request, OptionalLong.empty())) : Optional.empty();
    }

    /** The bytes; a failure is a {@link ClientException}, and so is an end before the length. */
    InputStream open() throws ClientException {
        try {
            return new ClientStream(request.getInputStream(), length);
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
        private long position;

        ClientStream(InputStream in, OptionalLong length) {
            this.in = in;
            this.length = length;
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
                got = in.read(bytes, offset, count);
            } catch (IOException | RuntimeException e) {
                throw ClientException.of(e);
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
