// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.http.RangeLimits;
import dev.resumable.http.RangeOracle;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.Framing;
import dev.resumable.testing.MultipartBody;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The laws of whole exchanges: whatever a client puts into the fields that this library reads, it gets a well-formed
 * 200, 206, 304, 412 or 416 whose bytes are those of the representation.
 *
 * <p>The first line of an input names method and path ({@code GET /generated}), the others are fields as
 * {@link RequestInput} reads them. All requests go over one connection, so that a byte too many or too few breaks the
 * next exchange if not its own; containers end it now and then.
 */
final class ExchangeLaws implements AutoCloseable {
    private static final int LENGTH = 3000;
    private static final String OWN_TAG = "\"own,tag\"";
    private static final String OWN_DATE = "Sat, 01 Jan 2000 00:00:00 GMT";
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]+)-([0-9]+)/([0-9]+)");

    /** Delimiter and fields of a part are shorter than what {@link RangeLimits} counts for them. */
    private static final long LARGEST_BODY = LENGTH + RangeLimits.defaults().allowance();

    private final EmbeddedContainer container;
    private RawClient client;

    private ExchangeLaws(EmbeddedContainer container) throws IOException {
        this.container = container;
        this.client = container.connect();
    }

    /** Starts an application with a generated, a declared and an empty representation. */
    static ExchangeLaws on(ContainerKind kind) throws IOException {
        return new ExchangeLaws(kind.start(FilteredApp.create()
                .servlet("/generated", (request, response) -> {
                    response.setContentType("application/octet-stream");
                    response.getOutputStream().write(Bytes.pattern(LENGTH));
                })
                .servlet("/declared", ExchangeLaws::declared)
                .servlet("/empty", (request, response) -> response.setContentType("text/plain"))
                .app()));
    }

    private static void declared(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("image/png");
        response.setContentLength(LENGTH);
        response.setHeader("ETag", OWN_TAG);
        response.setHeader("Last-Modified", OWN_DATE);
        response.getOutputStream().write(Bytes.pattern(LENGTH));
    }

    void check(byte[] input) throws IOException {
        String first = FieldInput.lines(input).stream().findFirst().orElse("");
        String method = first.startsWith("HEAD") ? "HEAD" : "GET";
        String path = first.endsWith("/declared") ? "/declared" : first.endsWith("/empty") ? "/empty" : "/generated";
        RequestInput fields = RequestInput.of(input);
        RawResponse response = exchange(RawRequest.of(method, path, sendable(fields)));
        new Answer(method, path.equals("/empty") ? 0 : LENGTH, fields, response).check();
    }

    /** A failed exchange must not become the fault of the next one. */
    private RawResponse exchange(RawRequest request) throws IOException {
        try {
            RawResponse response = client.exchange(request).assertComplete();
            if (response.field("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
                reconnect();
            }
            return response;
        } catch (IOException | AssertionError e) {
            reconnect();
            throw e;
        }
    }

    private void reconnect() throws IOException {
        client.close();
        client = container.connect();
    }

    private static String[] sendable(RequestInput fields) {
        return fields.fields().stream()
                .map(field -> field.name() + ": " + sendable(field.value()))
                .toArray(String[]::new);
    }

    /** RFC 9110 §5.5: what is no field-content is refused by containers before this library sees it. */
    private static String sendable(String value) {
        return value.chars()
                .map(c -> c >= ' ' && c < 0x7F || c == '\t' || c > 0x9F ? c : '?')
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString();
    }

    @Override
    public void close() throws IOException {
        client.close();
        container.close();
    }

    /** One answer and what was asked. */
    private record Answer(String method, int length, RequestInput asked, RawResponse response) {
        void check() {
            switch (response.status()) {
                case 200 -> checkWhole();
                case 206 -> checkPartial();
                case 304, 412 -> checkConditional();
                case 416 -> checkUnsatisfiable();
                default -> throw new AssertionError("unexpected answer " + response);
            }
            assertThat(response.field("ETag")).get().asString().startsWith("\"");
            // The filter itself says "identity" where a compressor behind it must be kept from coding.
            assertThat(response.field("Content-Encoding").orElse("identity")).isEqualTo("identity");
            if (asked.fields().stream().allMatch(field -> field.name().equals("Range"))) {
                assertThat(outcome()).isEqualTo(expected());
            }
        }

        private void checkWhole() {
            assertThat(response.field("Content-Range")).isEmpty();
            assertThat(response.field("Content-Length")).contains(Integer.toString(length));
            assertThat(response.body()).isEqualTo(method.equals("HEAD") ? new byte[0] : Bytes.pattern(length));
        }

        private void checkPartial() {
            assertThat(method).isEqualTo("GET");
            assertThat(asked.has("Range")).isTrue();
            assertThat(response.framing()).isEqualTo(Framing.CONTENT_LENGTH);
            assertThat(response.bodyLength()).isLessThanOrEqualTo(LARGEST_BODY);
            Optional<String> single = response.field("Content-Range");
            if (single.isPresent()) {
                checkSlice(single.get(), response.body());
            } else {
                List<MultipartBody.Part> parts = MultipartBody.of(response).parts();
                assertThat(parts).hasSizeBetween(2, RangeLimits.defaults().maxRanges());
                parts.forEach(part -> checkSlice(part.field("Content-Range").orElseThrow(), part.body()));
            }
        }

        private void checkSlice(String contentRange, byte[] bytes) {
            Matcher matcher = CONTENT_RANGE.matcher(contentRange);
            assertThat(matcher.matches()).as(contentRange).isTrue();
            long first = Long.parseLong(matcher.group(1));
            long last = Long.parseLong(matcher.group(2));
            assertThat(Long.parseLong(matcher.group(3))).isEqualTo(length);
            assertThat(last).isBetween(first, length - 1L);
            assertThat(bytes).isEqualTo(Bytes.slice(first, Math.toIntExact(last - first + 1)));
        }

        private void checkConditional() {
            boolean failed = response.status() == 412;
            assertThat(asked.has(failed ? "If-Match" : "If-None-Match")
                            || asked.has(failed ? "If-Unmodified-Since" : "If-Modified-Since"))
                    .isTrue();
            assertThat(response.bodyLength()).isZero();
            assertThat(response.field("Content-Range")).isEmpty();
        }

        private void checkUnsatisfiable() {
            assertThat(method).isEqualTo("GET");
            assertThat(asked.has("Range")).isTrue();
            assertThat(response.field("Content-Range")).contains("bytes */" + length);
            assertThat(response.field("Content-Length")).contains("0");
        }

        private String expected() {
            if (method.equals("HEAD")) {
                return "200";
            }
            List<String> lines =
                    asked.lines("Range").stream().map(ExchangeLaws::sendable).toList();
            String decided = new RangeOracle(length, RangeLimits.defaults()).decide(String.join(", ", lines));
            return switch (decided.split(" ", 2)[0]) {
                case "ignored", "whole" -> "200";
                case "unsatisfiable" -> "416";
                default -> decided;
            };
        }

        /** Gives the answer in the words of the oracle. */
        private String outcome() {
            if (response.status() != 206) {
                return Integer.toString(response.status());
            }
            List<String> ranges = new ArrayList<>();
            response.field("Content-Range")
                    .ifPresentOrElse(
                            ranges::add,
                            () -> MultipartBody.of(response)
                                    .parts()
                                    .forEach(part -> ranges.add(
                                            part.field("Content-Range").orElseThrow())));
            StringBuilder text = new StringBuilder(ranges.size() == 1 ? "single" : "multipart");
            ranges.forEach(range -> text.append(' ').append(range, 6, range.indexOf('/')));
            return text.toString();
        }
    }
}
