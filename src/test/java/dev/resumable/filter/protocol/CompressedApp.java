// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.WebApp;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * An application behind a compressing filter.
 *
 * <p>{@code /made} writes {@link #TEXT}; its query sets fields ({@code Name=value}), and {@code body} other bytes:
 * {@code small}, {@code noise}, {@code large}. {@code length} declares the length. {@code /async} does the same on another
 * thread, {@code /writer} writes {@link #UMLAUTS} in ISO-8859-1.
 */
final class CompressedApp {

    /** Some 300,000 bytes that gzip makes a good deal shorter. */
    static final byte[] TEXT = IntStream.range(0, 10_000)
            .mapToObj(i -> "line " + i + " says " + Integer.toHexString(i * 0x9E3779B9) + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.US_ASCII);

    /** As long, and not shorter in gzip. */
    static final byte[] NOISE = Bytes.random(3, 300_000);

    /** More than the filter may compress. */
    static final byte[] LARGE = Bytes.pattern(1_000_001);

    static final byte[] SMALL = Arrays.copyOf(TEXT, 1023);
    static final String UMLAUTS = "äöüß ".repeat(10_000);

    private CompressedApp() {}

    static RangeConfig.Builder config() {
        return RangeConfig.builder().compress(CompressPolicy.ON).compressMaxSize(1_000_000);
    }

    static WebApp create() {
        return with(config().build());
    }

    static WebApp with(RangeConfig config) {
        return FilteredApp.with(config)
                .servlet("/made", CompressedApp::make)
                .servlet("/async", CompressedApp::makeLater)
                .servlet("/writer", (request, response) -> {
                    response.setContentType("text/plain;charset=ISO-8859-1");
                    response.getWriter().print(UMLAUTS);
                })
                .servlet(
                        "/forward",
                        (request, response) ->
                                request.getRequestDispatcher("/file.txt").forward(request, response))
                .app();
    }

    private static void make(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        byte[] body = TEXT;
        for (String name : request.getParameterMap().keySet()) {
            String value = request.getParameter(name);
            switch (name) {
                case "body" -> body = body(value);
                case "length" -> {}
                case "status" -> response.setStatus(Integer.parseInt(value));
                case "Content-Type" -> response.setContentType(value);
                default -> response.addHeader(name, value);
            }
        }
        if (request.getParameter("length") != null) {
            response.setContentLength(body.length);
        }
        OutputStream out = response.getOutputStream();
        for (int i = 0; i < body.length; i += 7_000) {
            out.write(body, i, Math.min(7_000, body.length - i));
        }
    }

    static byte[] body(String name) {
        return switch (name) {
            case "small" -> SMALL;
            case "noise" -> NOISE;
            case "large" -> LARGE;
            case "empty" -> new byte[0];
            default -> throw new IllegalArgumentException("no body " + name);
        };
    }

    private static void makeLater(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext async = request.startAsync();
        async.start(() -> {
            try {
                make(request, (HttpServletResponse) async.getResponse());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                async.complete();
            }
        });
    }

    static boolean isCoded(RawResponse response) {
        return response.fields("Content-Encoding").contains("gzip");
    }

    static byte[] gunzip(byte[] coded) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes();
    }

    static String tag(RawResponse response) {
        return response.field("ETag").orElseThrow(() -> new AssertionError("no tag: " + response.head()));
    }
}
