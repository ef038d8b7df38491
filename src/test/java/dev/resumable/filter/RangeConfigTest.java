// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentOptions.DigestPolicy;
import dev.resumable.content.EntityTagSource;
import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.RangeConfig.DiagnosticsPolicy;
import dev.resumable.filter.RangeConfig.JmxPolicy;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.http.MediaRanges;
import dev.resumable.metrics.TransferEvents;
import dev.resumable.servlet.InitParameters;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Init-params as configuration. */
@DisplayName("RangeConfig")
final class RangeConfigTest {

    /** A filter's configuration as a container hands it over. */
    private record Params(Map<String, String> values) implements FilterConfig {

        @Override
        public String getFilterName() {
            return "ranges";
        }

        @Override
        public ServletContext getServletContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getInitParameter(String name) {
            return values.get(name);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(values.keySet());
        }
    }

    private static RangeConfig from(Map<String, String> values) {
        return RangeConfig.from(InitParameters.of(new Params(values)));
    }

    @Test
    @DisplayName("without init-params is the defaults")
    void defaults() {
        assertThat(from(Map.of())).isEqualTo(RangeConfig.defaults());
    }

    @Test
    @DisplayName("takes every init-param")
    void all() {
        RangeConfig config = from(Map.ofEntries(
                Map.entry("static-files", "chain"),
                Map.entry("range-aware-servlets", "proxy, files"),
                Map.entry("etag", "METADATA"),
                Map.entry("sync-digest-size", "1MiB"),
                Map.entry("compress", "on"),
                Map.entry("compress-types", "text/*,IMAGE/*+xml"),
                Map.entry("compress-min-size", "10"),
                Map.entry("compress-max-size", "1MiB"),
                Map.entry("include-paths", "/a/*, *.bin"),
                Map.entry("exclude-paths", "/a/b"),
                Map.entry("include-types", "video/*, text/html"),
                Map.entry("exclude-types", "video/mp4"),
                Map.entry("no-ranges-paths", "/"),
                Map.entry("diagnostics", "on"),
                Map.entry("jmx", "off"),
                Map.entry("spool-heap-total-size", "8MiB"),
                Map.entry("digest-index", "/var/digests"),
                Map.entry("digest-warm-up", "on"),
                Map.entry("spool-heap", "64KiB"),
                Map.entry("spool-file-size", "1GiB"),
                Map.entry("spool-total-size", "2 GiB"),
                Map.entry("spool-directory", "/var/spool"),
                Map.entry("max-ranges", "10"),
                Map.entry("max-overlaps", "2"),
                Map.entry("max-descending-ranges", "3"),
                Map.entry("range-part-overhead", "100"),
                Map.entry("range-allowance", "1000"),
                Map.entry("repr-digest", "always"),
                Map.entry("content-digest", "never")));

        assertThat(config)
                .isEqualTo(RangeConfig.builder()
                        .staticFiles(StaticFilesPolicy.CHAIN)
                        .rangeAwareServlets(Set.of("proxy", "files"))
                        .answers(ContentOptions.builder()
                                .etag(EntityTagSource.Policy.METADATA)
                                .syncDigestSize(1 << 20)
                                .digestIndex(Optional.of(Path.of("/var/digests")))
                                .digestWarmUp(ContentOptions.WarmUp.ON)
                                .maxRanges(10)
                                .maxOverlaps(2)
                                .maxDescendingRanges(3)
                                .rangePartOverhead(100)
                                .rangeAllowance(1000)
                                .reprDigest(DigestPolicy.ALWAYS)
                                .contentDigest(DigestPolicy.NEVER)
                                .build())
                        .compress(CompressPolicy.ON)
                        .compressTypes(MediaRanges.parse("text/*, image/*+xml").orElseThrow())
                        .compressMinSize(10)
                        .compressMaxSize(1 << 20)
                        .includePaths(Set.of("/a/*", "*.bin"))
                        .excludePaths(Set.of("/a/b"))
                        .includeTypes(Set.of("video/*", "text/html"))
                        .excludeTypes(Set.of("video/mp4"))
                        .noRangesPaths(Set.of("/"))
                        .diagnostics(DiagnosticsPolicy.ON)
                        .jmx(JmxPolicy.OFF)
                        .spoolHeapTotalSize(OptionalLong.of(8 << 20))
                        .spoolHeap(64 << 10)
                        .spoolFileSize(1L << 30)
                        .spoolTotalSize(2L << 30)
                        .spoolDirectory(java.util.Optional.of(Path.of("/var/spool")))
                        .build());
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "spool-heap, lots",
        "spool-heap-total-size, 1MB",
        "'include-paths', ','",
        "include-paths, a/*",
        "exclude-paths, '/a/*, /b*'",
        "no-ranges-paths, *.a/b",
        "no-ranges-paths, *.",
        "include-types, video",
        "exclude-types, 'text/html;q=0.5'",
        "exclude-types, 'text/html;charset=utf-8'",
        "exclude-types, */html",
        "exclude-types, 'text/html, a b/c'",
        "events, no.such.Class",
        "events, java.lang.String",
        "diagnostics, true",
        "jmx, true",
        "spool-heap, 5XB",
        "spool-heap, -1",
        "spool-heap, +5",
        "spool-heap, 99999999999999999999",
        "spool-heap, 9999999999GiB",
        "max-ranges, 2147483648",
        "max-ranges, 1.5",
        "etag, md5",
        "static-files, 'auto,direct'",
        "digest-warm-up, yes",
        "compress, true",
        "compress-types, 'text/*, json'",
        "compress-types, text/html;q=1",
        "compress-min-size, 1KB",
        "repr-digest, true"
    })
    @DisplayName("refuses a malformed value with its name, the value and what is allowed")
    void malformed(String name, String value) {
        assertThatThrownBy(() -> from(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ranges")
                .hasMessageContaining("\"" + name + "\"")
                .hasMessageContaining("\"" + value + "\"")
                .hasMessageContaining("allowed");
    }

    /** Named by an init-param. */
    public static final class Listener implements TransferEvents {}

    /** Cannot be made. */
    public static final class Unmakable implements TransferEvents {

        /** Takes more than an init-param can give. */
        public Unmakable(String argument) {
            throw new AssertionError(argument);
        }
    }

    @Test
    @DisplayName("makes the listener that is named, and says why if it cannot")
    void listener() {
        assertThat(from(Map.of("events", Listener.class.getName())).events().orElseThrow())
                .isInstanceOf(Listener.class);
        assertThatThrownBy(() -> from(Map.of("events", Unmakable.class.getName())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Unmakable")
                .hasMessageContaining("public constructor without parameters")
                .hasCauseInstanceOf(NoSuchMethodException.class);
    }

    @Test
    @DisplayName("refuses malformed patterns and media ranges in code too")
    void malformedInCode() {
        RangeConfig.Builder paths = RangeConfig.builder().excludePaths(Set.of("private/*"));
        assertThatThrownBy(paths::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("excludePaths")
                .hasMessageContaining("private/*");
        RangeConfig.Builder types = RangeConfig.builder().includeTypes(Set.of("video"));
        assertThatThrownBy(types::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("includeTypes");
    }

    @Test
    @DisplayName("stops start-up for an unknown init-param, and names the known ones")
    void unknown() {
        assertThatThrownBy(() -> new RangeServletFilter().init(new Params(Map.of("spool-hepa", "1KiB"))))
                .isInstanceOf(ServletException.class)
                .hasMessageContaining("spool-hepa")
                .hasMessageContaining("spool-heap");
    }

    @Test
    @DisplayName("refuses numbers from code that no request could be answered with")
    void numbersFromCode() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangeConfig.builder()
                        .answers(ContentOptions.builder().maxRanges(-1).build())
                        .build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContentOptions.builder().syncDigestSize(-1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangeConfig.builder().spoolFileSize(-1).build())
                .withMessageContaining("spoolFileSize");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RangeConfig.builder().spoolHeap(2L << 30).build())
                .withMessageContaining("1 GiB");
    }
}
