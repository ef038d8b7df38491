// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What those behind our filter see of ranges and conditions on the short way. */
@DisplayName("the field that a default servlet is shown")
final class ShownFieldTest {

    private static final List<String> NAMES =
            List.of("range", "if-range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since");

    @TempDir
    private static Path root;

    private final Between between = new Between();
    private final AtomicReference<String> seen = new AtomicReference<>("");

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        OldFiles.write(root, List.of("small.bin", "other-small.bin"));
    }

    /** What a request shows, by every method that it has for that. */
    private static String fields(HttpServletRequest request) {
        StringBuilder text = new StringBuilder();
        for (String name : NAMES) {
            for (String spelling : List.of(name, name.toUpperCase(Locale.ROOT))) {
                String value = request.getHeader(spelling);
                List<String> all = Collections.list(request.getHeaders(spelling));
                assertThat(all).isEqualTo(value == null ? List.of() : List.of(value));
                if (name.contains("-since")) {
                    long date = value == null ? -1 : millis(value);
                    assertThat(request.getDateHeader(spelling)).isEqualTo(date);
                }
            }
            if (request.getHeader(name) != null) {
                text.append(name).append(": ").append(request.getHeader(name)).append('\n');
            }
        }
        List<String> names = Collections.list(request.getHeaderNames()).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(NAMES::contains)
                .toList();
        assertThat(names)
                .containsExactlyElementsOf(text.toString()
                        .lines()
                        .map(line -> line.split(":", 2)[0])
                        .toList());
        return text.toString();
    }

    private static long millis(String date) {
        return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant()
                .toEpochMilli();
    }

    private final class Telling extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            seen.set(fields(request));
            response.getWriter().print("told");
        }
    }

    private static final class Forwarding extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            request.getRequestDispatcher("/small.bin").forward(request, response);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is one, whatever the client has sent, and is shown by every method of the request")
    void shown(ContainerKind kind) throws IOException {
        between.put((request, response, chain) -> {
            seen.set(fields((HttpServletRequest) request));
            chain.doFilter(request, response);
        });
        try (EmbeddedContainer container = OldFiles.start(kind, root, RangeConfig.defaults(), between)) {
            RawResponse whole = container.get("/small.bin");
            String tag = whole.field("ETag").orElseThrow();
            String date = whole.field("Last-Modified").orElseThrow();
            assertThat(seen.get()).isEmpty();
            String[][] asked = {
                {"if-modified-since: " + date + "\n", "If-None-Match: " + tag, "Range: bytes=5-9"},
                {"if-modified-since: " + date + "\n", "If-None-Match: " + tag, "If-Modified-Since: garbage"},
                {"if-modified-since: " + date + "\n", "If-Match: \"other\"", "If-Unmodified-Since: " + date},
                {"if-modified-since: " + date + "\n", "RANGE: bytes=999999-", "If-Range: " + tag},
                {"range: bytes=5-9\n", "Range: bytes=5-9, 7-8", "If-Range: " + tag, "If-None-Match: \"other\""},
                {"range: bytes=299990-299999\n", "Range: bytes=-10", "If-Match: " + tag},
                {"", "Range: bytes=5-9", "If-Range: \"other\""},
                {"", "Range: bytes=5-9,20-29", "If-Unmodified-Since: " + date}
            };
            for (String[] lines : asked) {
                container.get(
                        "/small.bin", List.of(lines).subList(1, lines.length).toArray(String[]::new));
                assertThat(seen.get()).as(lines[1]).isEqualTo(lines[0]);
            }
        }
    }

    static Stream<Arguments> everyMapping() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(
                                List.of(DispatcherType.REQUEST),
                                List.of(DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.INCLUDE))
                        .map(more -> Arguments.of(kind, more)));
    }

    private EmbeddedContainer start(ContainerKind kind, List<DispatcherType> more) {
        WebApp app = new WebApp()
                .filter(FilterEntry.of("ranges", new RangeServletFilter(), "/*")
                        .dispatchers(DispatcherType.REQUEST, more.toArray(DispatcherType[]::new))
                        .async())
                .servlet(ServletEntry.of("telling", new Telling(), "/telling").async())
                .servlet(ServletEntry.of("forwarding", new Forwarding(), "/forwarding")
                        .async());
        return kind.start(between.addTo(app).documentRoot(root));
    }

    @ParameterizedTest
    @MethodSource("everyMapping")
    @DisplayName("is not shown to the target of a forward or an include, nor of an async dispatch")
    void dispatched(ContainerKind kind, List<DispatcherType> more) throws IOException {
        Filter forward = (request, response, chain) ->
                request.getRequestDispatcher("/telling").forward(request, response);
        Filter known = (request, response, chain) -> {
            fields((HttpServletRequest) request);
            request.getServletContext().getRequestDispatcher("/telling").forward(request, response);
        };
        Filter include = (request, response, chain) ->
                request.getRequestDispatcher("/telling").include(request, response);
        Filter dispatch = (request, response, chain) -> {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                request.startAsync(request, response).dispatch("/telling");
            } else {
                chain.doFilter(request, response);
            }
        };
        try (EmbeddedContainer container = start(kind, more)) {
            String tag = container.get("/small.bin").field("ETag").orElseThrow();
            // An async dispatch that passes by our filter is not known to it, as ever; nor is a forward by the context,
            // on Jetty.
            for (Filter filter : more.contains(DispatcherType.ASYNC)
                    ? List.of(forward, known, include, dispatch)
                    : List.of(forward, include)) {
                for (String line : List.of("Range: bytes=1-2", "If-None-Match: " + tag)) {
                    between.put(filter);
                    seen.set("not called");
                    RawResponse got = container.get("/small.bin", line);
                    assertThat(seen.get()).as(line).isEmpty();
                    assertThat(got.field("ETag")).as("%s: %s", line, got).isNotEqualTo(Optional.of(tag));
                    if (more.contains(DispatcherType.FORWARD)) {
                        // Else one container ends the response before the filter is done with it.
                        assertThat(got.assertComplete().bodyText()).isEqualTo(line.startsWith("Range") ? "ol" : "told");
                    }
                    between.remove();
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("does not make one file of another that a filter forwards to")
    void otherFile(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind, List.of(DispatcherType.FORWARD))) {
            for (String path : List.of("/small.bin", "/other-small.bin")) {
                container.get(path);
                assertThat(container.get(path, "Range: bytes=5-9").status()).isEqualTo(206);
            }
            between.put((request, response, chain) -> {
                request.getRequestDispatcher("/other-small.bin").forward(request, response);
            });
            RawResponse part = container.get("/small.bin", "Range: bytes=7-16").assertComplete();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).isEqualTo(Bytes.slice(7, 10));
        }
    }

    @ParameterizedTest
    @MethodSource("everyMapping")
    @DisplayName("is not shown of a file that was seen to come unchanged by a forward, past the filters of requests")
    void learntByForward(ContainerKind kind, List<DispatcherType> more) throws IOException {
        try (EmbeddedContainer container = start(kind, more)) {
            container.get("/forwarding").assertComplete();
            between.written();
            container.get("/small.bin", "Range: bytes=5-9").assertComplete();
            assertThat(between.written()).isEqualTo(OldFiles.SMALL);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("changes nothing of an answer of a filter that does not look at it")
    void unseen(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = OldFiles.start(kind, root, RangeConfig.defaults(), between)) {
            String tag = container.get("/small.bin").field("ETag").orElseThrow();
            between.put((request, response, chain) -> {
                ((HttpServletResponse) response).setStatus(304);
            });
            RawResponse own = container.get("/small.bin", "If-None-Match: " + tag);
            assertThat(own.status()).isEqualTo(304);
            assertThat(own.field("ETag")).isEmpty();
        }
    }
}
