// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** P26: HEAD. */
@DisplayName("HEAD:")
final class HeadPitfallsTest {

    @TempDir
    private Path root;

    private TwinApp app() throws IOException {
        Bytes.write(root.resolve("large.bin"), 200_000);
        Files.writeString(root.resolve("small.txt"), "small");
        return TwinApp.of("/writer", (request, response, journal) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.setHeader("Vary", "Accept-Language");
                    response.getWriter().print("\u00e4".repeat(20_000));
                })
                .servlet("/declared", (request, response, journal) -> {
                    response.setHeader("ETag", "\"own\"");
                    response.setContentLength(10);
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/streamed", (request, response, journal) -> {
                    response.setHeader("Cache-Control", "no-store");
                    response.setContentLength(10);
                    response.getOutputStream().print("0123456789");
                })
                .servlet("/async", (request, response, journal) -> {
                    response.getOutputStream().print("0123456789");
                    request.startAsync().complete();
                })
                .servlet("/empty", (request, response, journal) -> {})
                .servlet(
                        "/forward",
                        (request, response, journal) ->
                                request.getRequestDispatcher("/writer").forward(request, response))
                .servlet("/redirect", (request, response, journal) -> response.sendRedirect("/elsewhere"))
                .servlet("/204", (request, response, journal) -> response.setStatus(204))
                .with(web -> web.servlet("doGet", new DoGet(), "/doGet"))
                .with(web -> web.documentRoot(root));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P26 the fields of HEAD are those of GET, generated, static, declared, streamed, async and empty")
    void sameFields(ContainerKind kind) throws IOException {
        for (StaticFilesPolicy policy : List.of(StaticFilesPolicy.AUTO, StaticFilesPolicy.CHAIN)) {
            try (Twins twins = app().config(
                            RangeConfig.builder().staticFiles(policy).build())
                    .start(kind)) {
                for (String path : List.of(
                        "/writer",
                        "/declared",
                        "/streamed",
                        "/async",
                        "/empty",
                        "/forward",
                        "/doGet",
                        "/large.bin",
                        "/small.txt")) {
                    RawResponse get = twins.get(path).assertComplete();
                    RawResponse head = twins.filtered(RawRequest.head(path));
                    assertThat(head.status()).as(path).isEqualTo(get.status());
                    assertThat(lines(head)).as("%s with %s", path, policy).isEqualTo(lines(get));
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P26 a redirect, an error and a 204 to HEAD are those of the container")
    void others(ContainerKind kind) throws IOException {
        try (Twins twins = app().start(kind)) {
            twins.assertAlike(RawRequest.head("/redirect"));
            twins.assertAlike(RawRequest.head("/204"));
            twins.assertAlike(RawRequest.head("/missing"));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P26 a Range is ignored, conditions hold (RFC 9110 \u00a714.2, \u00a713.2.2)")
    void ranges(ContainerKind kind) throws IOException {
        try (Twins twins = app().start(kind)) {
            for (String path : List.of("/writer", "/declared", "/large.bin")) {
                RawResponse plain = twins.filtered(RawRequest.head(path));
                RawResponse ranged = twins.filtered(RawRequest.head(path, "Range: bytes=0-1"));
                assertThat(ranged.status()).as(path).isEqualTo(200);
                assertThat(lines(ranged)).as(path).isEqualTo(lines(plain));
                String tag = plain.field("ETag").orElseThrow();
                RawResponse current = twins.filtered(RawRequest.head(path, "If-None-Match: " + tag));
                assertThat(current.status()).as(path).isEqualTo(304);
                RawResponse failed = twins.filtered(RawRequest.head(path, "If-Match: \"other\""));
                assertThat(failed.status()).as(path).isEqualTo(412);
            }
        }
    }

    private static List<String> lines(RawResponse response) {
        return response.lines().stream()
                .filter(line -> !line.name().equalsIgnoreCase("Date"))
                .map(line -> line.name().toLowerCase(Locale.ROOT) + ": " + line.value())
                .sorted()
                .toList();
    }

    /** Answers HEAD by the method that HttpServlet has for it. */
    private static final class DoGet extends HttpServlet {

        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getOutputStream().write(new byte[50_000]);
        }
    }
}
