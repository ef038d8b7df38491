// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolException;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.impl.io.ChunkedInputStream;

/** A final response: its head made sure of, and its content by the framing that the head tells (RFC 9112 §6.3). */
final class ApacheAnswer {

    private final UpstreamResponse head;
    private final Content content;
    private final List<String> announcedTrailers;
    private final Reuse reuse;

    /** Whether the connection can have another exchange after this one. */
    enum Reuse {
        POSSIBLE,
        RULED_OUT
    }

    private ApacheAnswer(UpstreamResponse head, Content content, List<String> announcedTrailers, Reuse reuse) {
        this.head = head;
        this.content = content;
        this.announcedTrailers = announcedTrailers;
        this.reuse = reuse;
    }

    /**
     * Takes the head of an answer; its content is still on the connection.
     *
     * @param afterRequest ruled out if the server has not been sent all that it was promised
     */
    static ApacheAnswer of(String method, ClassicHttpResponse response, Reuse afterRequest, ApacheConnection connection)
            throws HttpException, IOException {
        ProtocolVersion version = response.getVersion();
        FieldSection received = fields(response);
        boolean bodiless = method.equals("HEAD")
                || response.getCode() == HttpStatus.SC_NO_CONTENT
                || response.getCode() == HttpStatus.SC_NOT_MODIFIED;
        boolean coded = received.contains("Transfer-Encoding");
        OptionalLong length = coded ? OptionalLong.empty() : length(received);
        if (length.isPresent()) {
            // The library refuses to read equal lines.
            response.setHeader("Content-Length", Long.toString(length.getAsLong()));
        }
        boolean keptOpen = afterRequest == Reuse.POSSIBLE
                && HttpVersion.HTTP_1_1.equals(version)
                && !received.tokens("Connection").contains("close")
                // RFC 9112 §6.3: a server that sends both has perhaps been tricked into it.
                && !(coded && received.contains("Content-Length"))
                && (bodiless ? !isSuspicious(response, received) : coded || length.isPresent());
        UpstreamResponse head = new UpstreamResponse(
                HttpVersion.HTTP_1_0.equals(version) ? "1.0" : "1.1",
                response.getCode(),
                EndToEndFields.ofResponse(received).remove("Content-Length"),
                length);
        if (!bodiless) {
            connection.receiveResponseEntity(response);
        }
        return new ApacheAnswer(
                head,
                new Content(response, connection),
                coded && !bodiless ? EndToEndFields.trailerNames(received) : List.of(),
                keptOpen ? Reuse.POSSIBLE : Reuse.RULED_OUT);
    }

    /** True for a 204 that announces content: what follows is perhaps not the next answer. */
    private static boolean isSuspicious(ClassicHttpResponse response, FieldSection received) {
        return response.getCode() == HttpStatus.SC_NO_CONTENT
                && (received.contains("Transfer-Encoding")
                        || !received.first("Content-Length").orElse("0").equals("0"));
    }

    static FieldSection fields(ClassicHttpResponse response) throws ProtocolException {
        if (response.getCode() > 999) {
            throw new ProtocolException("a status code of four digits");
        }
        FieldSection fields = new FieldSection();
        for (Header header : response.getHeaders()) {
            if (!FieldSection.isName(header.getName())) {
                throw new ProtocolException("a field without a valid name");
            }
            fields.add(header.getName(), printable(header.getValue()));
        }
        return fields;
    }

    /** RFC 9110 §5.5: what is dangerous in a value is refused or replaced by a space. */
    private static String printable(String value) {
        if (FieldSection.isValue(value)) {
            return value;
        }
        StringBuilder text = new StringBuilder(value);
        for (int i = 0; i < text.length(); i++) {
            if (!FieldSection.isValue(text.substring(i, i + 1))) {
                text.setCharAt(i, ' ');
            }
        }
        return text.toString().strip();
    }

    /** RFC 9110 §8.6, RFC 9112 §6.3: digits alone, and not two lengths. */
    private static OptionalLong length(FieldSection fields) throws ProtocolException {
        Set<String> values = new LinkedHashSet<>(fields.lines("Content-Length"));
        if (values.isEmpty()) {
            return OptionalLong.empty();
        }
        OptionalLong length = values.size() == 1
                ? FieldSection.number(Optional.of(values.iterator().next()))
                : OptionalLong.empty();
        if (length.isEmpty()) {
            throw new ProtocolException("malformed or contradictory Content-Length");
        }
        return length;
    }

    UpstreamResponse head() {
        return head;
    }

    InputStream content() {
        return content;
    }

    boolean isBodiless() {
        return content.isBodiless();
    }

    /** True if content is here already. */
    boolean isAtHand() throws IOException {
        return content.in.available() > 0;
    }

    boolean isReusable() {
        return reuse == Reuse.POSSIBLE && content.ended;
    }

    List<String> announcedTrailers() {
        return announcedTrailers;
    }

    FieldSection trailers() {
        return content.trailers();
    }

    /** The content, every failure of which is the server's. */
    private static final class Content extends InputStream {

        private final InputStream in;
        private final ApacheConnection connection;
        private boolean ended;

        Content(ClassicHttpResponse response, ApacheConnection connection) throws IOException {
            HttpEntity entity = response.getEntity();
            this.in = entity == null ? InputStream.nullInputStream() : entity.getContent();
            this.connection = connection;
            this.ended = entity == null || entity.getContentLength() == 0;
        }

        boolean isBodiless() {
            return ended;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            try {
                int got = ended ? -1 : in.read(bytes, offset, count);
                if (got < 0 && in instanceof ChunkedInputStream && connection.hasEnded()) {
                    // The library takes a trailer section that was cut off for a whole one.
                    throw new ConnectionClosedException("the connection ended within the trailer section");
                }
                ended |= got < 0;
                return got;
            } catch (SocketTimeoutException e) {
                throw new UpstreamException(ProxyProblem.TIMED_OUT, e);
            } catch (IOException e) {
                throw new UpstreamException(ProxyProblem.BAD_ANSWER, e);
            }
        }

        FieldSection trailers() {
            FieldSection trailers = new FieldSection();
            if (ended && in instanceof ChunkedInputStream chunked) {
                for (Header header : List.of(chunked.getFooters())) {
                    if (FieldSection.isName(header.getName())) {
                        trailers.add(header.getName(), printable(header.getValue()));
                    }
                }
            }
            return EndToEndFields.ofTrailers(trailers);
        }
    }
}
