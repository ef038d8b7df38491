// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FieldLine;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** What others around the filter have set, done or begun: none of it is lost, doubled or contradicted. */
@DisplayName("a response that others have a hand in")
final class PassingResponseTest {

    private static final byte[] BODY = "nine byte".getBytes(StandardCharsets.US_ASCII);

    private static FilterEntry outer(Filter filter) {
        return FilterEntry.of("outer", filter, "/*").async();
    }

    private static List<String> values(RawResponse response, String name) {
        return response.lines().stream()
                .filter(line -> line.name().equalsIgnoreCase(name))
                .map(FieldLine::value)
                .toList();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that passes has the application's fields in place of those set before it, and both where it adds")
    void replacedFields(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.behind(
                        outer((request, response, chain) -> {
                            HttpServletResponse http = (HttpServletResponse) response;
                            http.setHeader("Content-Encoding", "outer");
                            http.setHeader("ETag", "\"outer\"");
                            chain.doFilter(request, response);
                        }),
                        new RangeServletFilter())
                .servlet("/*", (request, response) -> {
                    response.setHeader("Cache-Control", "no-store");
                    response.setHeader("ETag", "\"inner\"");
                    response.addHeader("Content-Encoding", "inner");
                    response.getOutputStream().write(BODY);
                });
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/x").assertComplete();
            assertThat(values(got, "ETag")).containsExactly("\"inner\"");
            assertThat(values(got, "Content-Encoding")).containsExactly("outer", "inner");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that passes does not promise ranges which its application never sees (RFC 9110 §14.3)")
    void noPromise(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/*", (request, response) -> {
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("Accept-Ranges", "bytes");
            response.getOutputStream().write(BODY);
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/x", "Range: bytes=0-1").assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.field("Accept-Ranges")).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that was written and committed below the filter is left as it is")
    void writtenBelow(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/*", (request, response) -> {
            response.setContentLength(BODY.length);
            ServletResponse below = response;
            while (below instanceof ServletResponseWrapper wrapper) {
                below = wrapper.getResponse();
            }
            below.getOutputStream().write(BODY);
            below.flushBuffer();
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            assertThat(container.get("/x").assertComplete().body()).isEqualTo(BODY);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("that a filter has begun with bytes of its own is whole, and not tagged as if they were not there")
    void bytesInFront(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.create().servlet("/*", (request, response) -> {
            response.getOutputStream().write(BODY);
            // What a servlet says that does not know of the bytes in front.
            response.setHeader("ETag", "\"own\"");
            response.setContentLength(20_000);
            response.getOutputStream().write(new byte[20_000]);
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/x").assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.bodyLength()).isEqualTo(20_009);
            assertThat(got.field("ETag")).get().isNotEqualTo("\"own\"");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "that another copy of the filter has begun, in the application which forwards, is that copy's to finish")
    void begunElsewhere(ContainerKind kind) throws IOException {
        FilteredApp app = FilteredApp.behind(
                        outer((request, response, chain) -> {
                            // As after a forward between applications that have the jar each.
                            request.setAttribute(RangeExchange.class.getName(), new Object());
                            chain.doFilter(request, response);
                        }),
                        new RangeServletFilter())
                .servlet("/*", (request, response) -> response.getOutputStream().write(BODY));
        try (EmbeddedContainer container = kind.start(app.app())) {
            RawResponse got = container.get("/x", "Range: bytes=0-1").assertComplete();
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.body()).isEqualTo(BODY);
            assertThat(got.field("ETag")).isEmpty();
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("of a default servlet whose base a context-param moves is that servlet's alone")
    void movedBase(ContainerKind kind, @TempDir Path root) throws IOException {
        Files.writeString(Files.createDirectories(root.resolve("public")).resolve("open.txt"), "open");
        Files.writeString(Files.createDirectories(root.resolve("private")).resolve("secret.txt"), "secret");
        FilteredApp app = FilteredApp.create();
        app.app().documentRoot(root).onStartup(context -> {
            for (String name : new String[] {"baseResource", "resourceBase"}) {
                context.setInitParameter(
                        "org.eclipse.jetty.servlet.Default." + name,
                        root.resolve("public").toUri().toString());
            }
        });
        try (EmbeddedContainer container = kind.start(app.app())) {
            boolean moved = container.get("/open.txt").status() == 200;
            // Only Jetty knows the param.
            assertThat(moved).isEqualTo(kind.name().startsWith("JETTY"));
            assertThat(container.get("/private/secret.txt").status()).isEqualTo(moved ? 404 : 200);
        }
    }
}
