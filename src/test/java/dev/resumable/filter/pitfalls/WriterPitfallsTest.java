// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** P18, P19: writers and charsets. */
@DisplayName("writers and charsets:")
final class WriterPitfallsTest {

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P18 the two outputs exclude each other")
    void exclusive(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/writer", (request, response, journal) -> {
                    PrintWriter writer = response.getWriter();
                    journal.attempt("stream", response::getOutputStream);
                    writer.print("0123456789");
                    journal.note("same", response.getWriter() == writer);
                })
                .servlet("/stream", (request, response, journal) -> {
                    response.getOutputStream().print("01234");
                    journal.attempt("writer", response::getWriter);
                    response.getOutputStream().print("56789");
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.assertAlike("/writer").bodyText()).isEqualTo("0123456789");
            assertThat(twins.assertAlike("/stream").bodyText()).isEqualTo("0123456789");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P18 text that is never flushed arrives, whatever its charset keeps open until its end")
    void unflushed(ContainerKind kind) throws IOException {
        String text = "a\u65e5\u672c";
        TwinApp app = TwinApp.of("/text", (request, response, journal) -> {
            response.setContentType("text/plain;charset=" + request.getQueryString());
            for (int i = 0; i < 5_000; i++) {
                response.getWriter().print(text);
            }
            journal.note("error", response.getWriter().checkError());
        });
        try (Twins twins = app.start(kind)) {
            for (String charset : new String[] {"UTF-8", "UTF-16", "UTF-16LE", "ISO-2022-JP", "Shift_JIS"}) {
                RawResponse response = twins.get("/text?" + charset).assertComplete();
                assertThat(new String(response.body(), Charset.forName(charset)))
                        .as(charset)
                        .isEqualTo(text.repeat(5_000));
                assertThat(twins.notes()).containsExactly("error: false");
            }
            // The containers' own encoders differ in the byte order mark of UTF-16 and in the last escape of
            // ISO-2022-JP.
            twins.assertAlike("/text?UTF-8");
            twins.assertAlike("/text?UTF-16LE");
            twins.assertAlike("/text?Shift_JIS");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P18 a character that is written in two halves arrives whole, a lone half as without the filter")
    void surrogates(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/pair", (request, response, journal) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    response.getWriter().write("<\ud83d");
                    response.getWriter().write("\ude00>");
                })
                .servlet("/long", (request, response, journal) -> {
                    response.setContentType("text/plain;charset=UTF-8");
                    for (int i = 0; i < 20_000; i++) {
                        response.getWriter().write('\ud83d');
                        response.getWriter().write('\ude00');
                    }
                });
        try (Twins twins = app.start(kind)) {
            assertThat(twins.get("/pair").assertComplete().bodyText()).isEqualTo("<\ud83d\ude00>");
            assertThat(twins.get("/pair", "Range: bytes=1-4").bodyText()).isEqualTo("\ud83d\ude00");
            assertThat(twins.get("/long").assertComplete().bodyText()).isEqualTo("\ud83d\ude00".repeat(20_000));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P18 every way to print, and a charset that does not exist")
    void prints(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/prints", (request, response, journal) -> {
                    response.setCharacterEncoding("UTF-8");
                    PrintWriter writer = response.getWriter();
                    writer.print(true);
                    writer.print('c');
                    writer.print(1L);
                    writer.print(1.5);
                    writer.print(new char[] {'x', 'y'});
                    writer.write("abcdef", 2, 2);
                    writer.append("app").append("append", 3, 6).append('e');
                    writer.printf(Locale.ROOT, "%05d", 42).format("%s", "f");
                    writer.write((String) "\u20ac");
                })
                .servlet("/streamPrints", (request, response, journal) -> {
                    response.getOutputStream().print(true);
                    response.getOutputStream().print(1.5f);
                    response.getOutputStream().println("latin \u00e4");
                    response.getOutputStream().println();
                })
                .servlet("/unknown", (request, response, journal) -> {
                    journal.attempt("charset", () -> response.setCharacterEncoding("no-such-charset"));
                    journal.attempt("writer", () -> response.getWriter().print("text"));
                });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/prints");
            twins.assertAlike("/streamPrints");
            twins.assertAlike("/unknown");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P18 println ends a line as the container's own writer does: Undertow by CRLF")
    void lineEnds(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.getWriter().println("line");
            response.getWriter().println();
            response.getWriter().printf(Locale.ROOT, "%n");
        });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/x");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P18 a stream prints text beyond ASCII as the container's own does: Jetty in the charset of the response")
    void streamPrintsText(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/x", (request, response, journal) -> {
            response.setContentType("text/plain;charset=UTF-8");
            response.getOutputStream().print("\u00e4");
            journal.attempt("not latin", () -> response.getOutputStream().print("\u20ac"));
        });
        try (Twins twins = app.start(kind)) {
            twins.assertAlike("/x");
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName(
            "P19 the Content-Type is that of the application without the filter, for every order of calls; Jetty EE 11"
                    + " alone forgets the charset when the type changes after getWriter(), with the filter it does not")
    void contentTypes(ContainerKind kind) throws IOException {
        try (Twins twins = charsetApp().start(kind)) {
            for (String path : new String[] {
                "/plain", "/typed", "/late", "/locale", "/none", "/withdrawn", "/empty", "/image", "/json", "/xml"
            }) {
                twins.assertAlike(path + "?stream");
                RawResponse whole =
                        forgetsCharset(kind, path) ? twins.get(path + "?writer") : twins.assertAlike(path + "?writer");
                if (forgetsCharset(kind, path)) {
                    String charset = whole.bodyLength() == 6 ? "iso-8859-1" : "utf-8";
                    assertThat(whole.field("Content-Type")).get().asString().endsWith(";charset=" + charset);
                }
                RawResponse parts = twins.get(path + "?writer", "Range: bytes=0-0,2-2");
                if (whole.bodyLength() > 2) {
                    assertThat(parts.field("Content-Type")).get().asString().startsWith("multipart/byteranges");
                }
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("P19 a Content-Type that is set as a field after getWriter() does not change the charset either")
    void contentTypeAsField(ContainerKind kind) throws IOException {
        TwinApp app = TwinApp.of("/set", (request, response, journal) -> {
                    PrintWriter writer = response.getWriter();
                    response.setHeader("Content-Type", "text/plain;charset=UTF-8");
                    writer.print("\u00e4\u00e4");
                })
                .servlet("/added", (request, response, journal) -> {
                    response.setCharacterEncoding("UTF-8");
                    PrintWriter writer = response.getWriter();
                    response.addHeader("content-type", "text/html;charset=UTF-16");
                    writer.print("\u00e4\u00e4");
                });
        try (Twins twins = app.start(kind)) {
            RawResponse set = twins.get("/set").assertComplete();
            String charset = set.field("Content-Type").orElseThrow().replaceFirst("(?i).*charset=", "");
            assertThat(new String(set.body(), charset)).isEqualTo("\u00e4\u00e4");
            assertThat(twins.get("/added").assertComplete().bodyText()).isEqualTo("\u00e4\u00e4");
            assertThat(twins.get("/added").field("Content-Type").orElseThrow())
                    .isEqualToIgnoringCase("text/html;charset=UTF-8");
        }
    }

    private static boolean forgetsCharset(ContainerKind kind, String path) {
        return kind == ContainerKind.JETTY_EE11 && List.of("/typed", "/late").contains(path);
    }

    private static TwinApp charsetApp() {
        TwinApp app = new TwinApp();
        for (String type : new String[] {"image/png", "application/json", "text/xml"}) {
            app.servlet(type.replaceFirst(".*/", "/").replace("png", "image"), (request, response, journal) -> {
                response.setContentType(type);
                print(request.getQueryString(), response, journal);
            });
        }
        return app.servlet("/plain", (request, response, journal) -> {
                    response.setContentType("text/plain");
                    print(request.getQueryString(), response, journal);
                })
                .servlet("/typed", (request, response, journal) -> {
                    response.setContentType("text/html; charset=utf-8");
                    print(request.getQueryString(), response, journal);
                    response.setContentType("text/xml;charset=ISO-8859-15");
                    journal.note("type", response.getContentType());
                })
                .servlet("/late", (request, response, journal) -> {
                    print(request.getQueryString(), response, journal);
                    response.setContentType("text/html;charset=UTF-16");
                    response.setCharacterEncoding("UTF-16");
                    journal.note("type", response.getContentType());
                    journal.noteCharset(response.getCharacterEncoding());
                })
                .servlet("/locale", (request, response, journal) -> {
                    response.setLocale(Locale.JAPANESE);
                    response.setContentType("text/plain");
                    print(request.getQueryString(), response, journal);
                    response.setLocale(Locale.GERMAN);
                    journal.noteCharset(response.getCharacterEncoding());
                })
                .servlet("/none", (request, response, journal) -> print(request.getQueryString(), response, journal))
                .servlet("/withdrawn", (request, response, journal) -> {
                    response.setContentType("text/html;charset=UTF-8");
                    response.setContentType(null);
                    response.setCharacterEncoding("UTF-8");
                    response.setCharacterEncoding((String) null);
                    print(request.getQueryString(), response, journal);
                })
                .servlet("/empty", (request, response, journal) -> {
                    response.setHeader("Content-Type", "application/json");
                    journal.note("type", response.getContentType());
                    journal.noteCharset(response.getCharacterEncoding());
                });
    }

    private static void print(String output, jakarta.servlet.ServletResponse response, Journal journal)
            throws IOException {
        if ("writer".equals(output)) {
            response.getWriter().print("\u00e4bcdef");
        } else {
            response.getOutputStream().write("\u00e4bcdef".getBytes(StandardCharsets.UTF_8));
        }
        journal.note("type", response.getContentType());
        journal.noteCharset(response.getCharacterEncoding());
    }
}
