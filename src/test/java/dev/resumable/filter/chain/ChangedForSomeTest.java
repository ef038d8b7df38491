// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.RawResponse;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** A file that a filter changes always, or for some clients: what comes unchanged once may not be so for the next. */
@DisplayName("a file that is changed on its way for some")
final class ChangedForSomeTest {

    @TempDir
    private static Path root;

    private final Between between = new Between();

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        OldFiles.write(root, List.of("small.bin"));
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return kind.start(between.addWithoutAsyncTo(
                        FilteredApp.with(RangeConfig.defaults()).app())
                .documentRoot(root));
    }

    /** The filter acts on requests that have this field. */
    private static Filter onlyWith(String field, Visitor visitor) {
        return (request, response, chain) -> {
            if (((HttpServletRequest) request).getHeader(field) == null) {
                chain.doFilter(request, response);
            } else {
                visitor.filter().doFilter(request, response, chain);
            }
        };
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is cut from the whole if it always comes with other bytes, and has a tag of these")
    void always(ContainerKind kind) throws IOException {
        try (EmbeddedContainer container = start(kind)) {
            String ofFile = container.get("/small.bin").field("ETag").orElseThrow();
            between.written();
            try (EmbeddedContainer fresh = start(kind)) {
                between.put(Visitor.REWRITES.filter());
                RawResponse first = fresh.get("/small.bin").assertComplete();
                RawResponse second = fresh.get("/small.bin").assertComplete();
                assertThat(second.body()).isEqualTo(first.body()).isNotEqualTo(Bytes.slice(0, OldFiles.SMALL));
                assertThat(second.field("ETag")).isPresent().isNotEqualTo(Optional.of(ofFile));
                between.written();
                for (String[] lines : new String[][] {
                    {"Range: bytes=1000-1999"},
                    {
                        "Range: bytes=1000-1999",
                        "If-Range: " + second.field("ETag").orElseThrow()
                    }
                }) {
                    RawResponse part = fresh.get("/small.bin", lines).assertComplete();
                    assertThat(part.status()).isEqualTo(206);
                    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(second.body(), 1000, 2000));
                    assertThat(between.written()).isEqualTo(OldFiles.SMALL);
                }
                assertThat(fresh.get("/small.bin", "Range: bytes=1-2", "If-Range: " + ofFile)
                                .status())
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not called by its own tag to a client that has got another, whoever has got it unchanged since")
    void forOneClient(ContainerKind kind) throws IOException {
        between.put(onlyWith("X-Guest", Visitor.APPENDS));
        try (EmbeddedContainer container = start(kind)) {
            RawResponse own = container.get("/small.bin").assertComplete();
            String date = own.field("Last-Modified").orElseThrow();
            Optional<String> ofFile = own.field("ETag");
            RawResponse guests = container.get("/small.bin", "X-Guest: yes").assertComplete();
            assertThat(guests.bodyLength()).isEqualTo(OldFiles.SMALL + 6);
            assertThat(container.get("/small.bin").field("ETag")).isEqualTo(ofFile);

            for (String[] lines : new String[][] {
                {"X-Guest: yes", "If-Modified-Since: " + date},
                {"X-Guest: yes", "If-None-Match: *"},
                {"X-Guest: yes", "Range: bytes=0-5"},
                {"X-Guest: yes", "Range: bytes=999999-"}
            }) {
                RawResponse got = container.get("/small.bin", lines).assertComplete();
                assertThat(got.field("ETag")).as(lines[1]).isEqualTo(guests.field("ETag"));
                assertThat(between.written()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is cut from its coded form for clients that get that, and asked for in part for others")
    void coded(ContainerKind kind) throws IOException {
        between.put(onlyWith("Accept-Encoding", Visitor.CODES));
        try (EmbeddedContainer container = start(kind)) {
            container.get("/small.bin").assertComplete();
            between.written();
            RawResponse part = container.get("/small.bin", "Range: bytes=7-16").assertComplete();
            assertThat(part.body()).isEqualTo(Bytes.slice(7, 10));
            assertThat(between.written()).isEqualTo(10);

            RawResponse coded = container
                    .get("/small.bin", "Range: bytes=7-16", "Accept-Encoding: scrambled")
                    .assertComplete();
            assertThat(between.written()).isEqualTo(OldFiles.SMALL);
            RawResponse whole =
                    container.get("/small.bin", "Accept-Encoding: scrambled").assertComplete();
            assertThat(coded.status()).isEqualTo(206);
            assertThat(coded.field("ETag")).isPresent().isEqualTo(whole.field("ETag"));
            assertThat(coded.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 7, 17));
            between.written();

            assertThat(container.get("/small.bin", "Range: bytes=7-16").body()).isEqualTo(Bytes.slice(7, 10));
            assertThat(between.written()).isEqualTo(10);
        }
    }
}
