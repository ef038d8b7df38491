// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as the exact lines that go out, immutable.
 *
 * <p>Only two things are ever added: a {@code Host} line on sending, if none is there, and the framing line of
 * {@link #withBody} and {@link #withChunks}. What this class cannot say goes out by {@link RawClient#send(byte[])}.
 */
public final class RawRequest {
    private final String method;
    private final String target;
    private final String version;
    private final List<String> fieldLines;
    private final byte[] body;

    private RawRequest(String method, String target, String version, List<String> fieldLines, byte[] body) {
        this.method = method;
        this.target = target;
        this.version = version;
        this.fieldLines = List.copyOf(fieldLines);
        this.body = body;
    }

    /** Makes an HTTP/1.1 request without a body; each line is {@code Name: value} and is sent as it is. */
    public static RawRequest of(String method, String target, String... fieldLines) {
        return new RawRequest(method, target, "HTTP/1.1", List.of(fieldLines), new byte[0]);
    }

    /** Makes a GET request. */
    public static RawRequest get(String target, String... fieldLines) {
        return of("GET", target, fieldLines);
    }

    /** Makes a HEAD request. */
    public static RawRequest head(String target, String... fieldLines) {
        return of("HEAD", target, fieldLines);
    }

    /** Gives the same request with the version HTTP/1.0. */
    public RawRequest http10() {
        return new RawRequest(method, target, "HTTP/1.0", fieldLines, body);
    }

    /** Gives the same request with {@code lines} behind those it has. */
    public RawRequest with(String... lines) {
        List<String> all = new ArrayList<>(fieldLines);
        all.addAll(List.of(lines));
        return new RawRequest(method, target, version, all, body);
    }

    /** Gives the same request with this body and its {@code Content-Length}. */
    public RawRequest withBody(byte[] content) {
        return with("Content-Length: " + content.length).withUnframedBody(content);
    }

    /** Gives the same request with {@code chunks} in the chunked coding; no chunk may be empty. */
    public RawRequest withChunks(byte[]... chunks) {
        ByteArrayOutputStream coded = new ByteArrayOutputStream();
        for (byte[] chunk : chunks) {
            coded.writeBytes((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            coded.writeBytes(chunk);
            coded.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        coded.writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return with("Transfer-Encoding: chunked").withUnframedBody(coded.toByteArray());
    }

    /** Gives the same request with these bytes behind its head and no framing line of ours. */
    public RawRequest withUnframedBody(byte[] content) {
        return new RawRequest(method, target, version, fieldLines, content.clone());
    }

    /** Gives the method, which decides whether the answer has a body. */
    public String method() {
        return method;
    }

    /** Gives the bytes to send, with {@code Host: host} in front of the other lines unless one of them is a Host. */
    public byte[] toBytes(String host) {
        StringBuilder head = new StringBuilder();
        head.append(method)
                .append(' ')
                .append(target)
                .append(' ')
                .append(version)
                .append("\r\n");
        if (fieldLines.stream().noneMatch(line -> line.regionMatches(true, 0, "Host:", 0, 5))) {
            head.append("Host: ").append(host).append("\r\n");
        }
        fieldLines.forEach(line -> head.append(line).append("\r\n"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return method + " " + target + " " + version + " " + fieldLines;
    }
}
