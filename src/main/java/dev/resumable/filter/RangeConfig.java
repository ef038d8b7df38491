// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.config.ContentParameters;
import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.http.MediaRanges;
import dev.resumable.metrics.TransferEvents;
import dev.resumable.servlet.InitParameters;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The configuration of a {@link RangeServletFilter}; immutable.
 *
 * <p>In web.xml every component is an init-param of the same name in kebab-case ({@code spoolHeap} is
 * {@code spool-heap}); {@code docs/configuration.md} has the table.
 *
 * @param staticFiles how files that the container's default servlet would send are answered
 * @param rangeAwareServlets names of servlets that answer ranges themselves and get their requests as they came
 * @param scope which requests and responses are meant; each component of it is an init-param of its own
 * @param answers tags, limits and digests; each component of it is an init-param of its own
 * @param compression whether and what the filter compresses; each component of it is an init-param of its own
 * @param spoolHeap bytes of a response that are kept in the heap before a temporary file is opened
 * @param spoolHeapTotalSize bytes of the heap that all responses may take together; past it they go to a temporary file
 *     at once. Empty for 64 MiB or an eighth of the largest heap, whichever is less
 * @param spoolFileSize the longest response in bytes that is spooled; a longer one passes through without ranges
 * @param spoolTotalSize bytes that all temporary files may take together; past it responses pass through without ranges
 * @param spoolDirectory where temporary files are made; empty for the servlet context's own directory
 * @param diagnostics whether a response field says what was made of a range
 * @param events is told what becomes of each exchange; empty for nobody
 * @param jmx whether counters can be read by JMX, as {@link RangeServletFilterMXBean}
 */
public record RangeConfig(
        StaticFilesPolicy staticFiles,
        Set<String> rangeAwareServlets,
        RangeScope scope,
        ContentOptions answers,
        CompressOptions compression,
        long spoolHeap,
        OptionalLong spoolHeapTotalSize,
        long spoolFileSize,
        long spoolTotalSize,
        Optional<Path> spoolDirectory,
        DiagnosticsPolicy diagnostics,
        Optional<TransferEvents> events,
        JmxPolicy jmx) {

    private static final long KIB = 1L << 10;
    private static final long GIB = 1L << 30;

    /** How files of the container's default servlet are answered. */
    public enum StaticFilesPolicy {
        /** Without the chain where nothing else could want to see the request, else {@link #CHAIN}. */
        AUTO,
        /** Without the chain: the deployer's word that this filter is the last one. */
        DIRECT,
        /** By the default servlet, whose bytes are cut as they pass. */
        CHAIN
    }

    private static final long LARGEST_SPOOL_HEAP = 1L << 30;

    /** Whether the response field {@code Range-Diagnostics} is sent. */
    public enum DiagnosticsPolicy {
        /** It is not. */
        OFF,
        /** On every answer to GET and HEAD that the filter decides on. */
        ON
    }

    /** Whether counters can be read by JMX. */
    public enum JmxPolicy {
        /** In the platform's MBean server. */
        ON,
        /** Not at all. */
        OFF
    }

    /** Checks the sizes: none may be negative, and no array can hold more than {@link #LARGEST_SPOOL_HEAP}. */
    public RangeConfig {
        checkSize("spoolHeap", spoolHeap);
        checkSize("spoolHeapTotalSize", spoolHeapTotalSize.orElse(0));
        checkSize("spoolFileSize", spoolFileSize);
        checkSize("spoolTotalSize", spoolTotalSize);
        if (spoolHeap > LARGEST_SPOOL_HEAP) {
            throw new IllegalArgumentException("spoolHeap must not be above 1 GiB: " + spoolHeap);
        }
    }

    private static void checkSize(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must not be negative: " + value);
        }
    }

    /** The defaults. */
    public static RangeConfig defaults() {
        return new Builder().build();
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads init-params.
     *
     * @throws IllegalArgumentException if one is unknown or malformed, with its name, its value and what is allowed
     */
    static RangeConfig from(InitParameters parameters) {
        RangeConfig otherwise = defaults();
        RangeConfig config = new Builder()
                .staticFiles(parameters.choice("static-files", otherwise.staticFiles))
                .rangeAwareServlets(parameters.names("range-aware-servlets", otherwise.rangeAwareServlets))
                .scope(RangeScope.from(parameters))
                .answers(ContentParameters.read(parameters, otherwise.answers))
                .compression(CompressOptions.from(parameters))
                .spoolHeap(parameters.size("spool-heap", otherwise.spoolHeap))
                .spoolHeapTotalSize(parameters.size("spool-heap-total-size"))
                .spoolFileSize(parameters.size("spool-file-size", otherwise.spoolFileSize))
                .spoolTotalSize(parameters.size("spool-total-size", otherwise.spoolTotalSize))
                .spoolDirectory(parameters.path("spool-directory"))
                .diagnostics(parameters.choice("diagnostics", otherwise.diagnostics))
                .events(parameters.instance("events", TransferEvents.class))
                .jmx(parameters.choice("jmx", otherwise.jmx))
                .build();
        parameters.rejectUnknown();
        return config;
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private StaticFilesPolicy staticFiles = StaticFilesPolicy.AUTO;
        private Set<String> rangeAwareServlets = Set.of();
        private Set<String> includePaths = Set.of();
        private Set<String> excludePaths = Set.of();
        private Set<String> includeTypes = Set.of();
        private Set<String> excludeTypes = Set.of();
        private Set<String> noRangesPaths = Set.of();
        private ContentOptions answers = ContentOptions.defaults();
        private CompressPolicy compress = CompressOptions.defaults().compress();
        private MediaRanges compressTypes = CompressOptions.defaults().compressTypes();
        private long compressMinSize = CompressOptions.defaults().compressMinSize();
        private long compressMaxSize = CompressOptions.defaults().compressMaxSize();
        private long spoolHeap = 1024 * KIB;
        private OptionalLong spoolHeapTotalSize = OptionalLong.empty();
        private long spoolFileSize = 4 * GIB;
        private long spoolTotalSize = 16 * GIB;
        private Optional<Path> spoolDirectory = Optional.empty();
        private DiagnosticsPolicy diagnostics = DiagnosticsPolicy.OFF;
        private Optional<TransferEvents> events = Optional.empty();
        private JmxPolicy jmx = JmxPolicy.ON;

        private Builder() {}

        /** See {@link RangeConfig#staticFiles()}. */
        public Builder staticFiles(StaticFilesPolicy value) {
            this.staticFiles = value;
            return this;
        }

        /** See {@link RangeConfig#rangeAwareServlets()}. */
        public Builder rangeAwareServlets(Set<String> value) {
            this.rangeAwareServlets = Set.copyOf(value);
            return this;
        }

        /** See {@link RangeScope#includePaths()}. */
        public Builder includePaths(Set<String> value) {
            this.includePaths = value;
            return this;
        }

        /** See {@link RangeScope#excludePaths()}. */
        public Builder excludePaths(Set<String> value) {
            this.excludePaths = value;
            return this;
        }

        /** See {@link RangeScope#includeTypes()}. */
        public Builder includeTypes(Set<String> value) {
            this.includeTypes = value;
            return this;
        }

        /** See {@link RangeScope#excludeTypes()}. */
        public Builder excludeTypes(Set<String> value) {
            this.excludeTypes = value;
            return this;
        }

        /** See {@link RangeScope#noRangesPaths()}. */
        public Builder noRangesPaths(Set<String> value) {
            this.noRangesPaths = value;
            return this;
        }

        /** See {@link RangeConfig#answers()}. */
        public Builder answers(ContentOptions value) {
            this.answers = value;
            return this;
        }

        /** See {@link CompressOptions#compress()}. */
        public Builder compress(CompressPolicy value) {
            this.compress = value;
            return this;
        }

        /** See {@link CompressOptions#compressTypes()}. */
        public Builder compressTypes(MediaRanges value) {
            this.compressTypes = value;
            return this;
        }

        /** See {@link CompressOptions#compressMinSize()}. */
        public Builder compressMinSize(long value) {
            this.compressMinSize = value;
            return this;
        }

        /** See {@link CompressOptions#compressMaxSize()}. */
        public Builder compressMaxSize(long value) {
            this.compressMaxSize = value;
            return this;
        }

        private Builder compression(CompressOptions value) {
            return compress(value.compress())
                    .compressTypes(value.compressTypes())
                    .compressMinSize(value.compressMinSize())
                    .compressMaxSize(value.compressMaxSize());
        }

        /** See {@link RangeConfig#spoolHeap()}. */
        public Builder spoolHeap(long value) {
            this.spoolHeap = value;
            return this;
        }

        /** See {@link RangeConfig#spoolHeapTotalSize()}. */
        public Builder spoolHeapTotalSize(OptionalLong value) {
            this.spoolHeapTotalSize = value;
            return this;
        }

        /** See {@link RangeConfig#spoolFileSize()}. */
        public Builder spoolFileSize(long value) {
            this.spoolFileSize = value;
            return this;
        }

        /** See {@link RangeConfig#spoolTotalSize()}. */
        public Builder spoolTotalSize(long value) {
            this.spoolTotalSize = value;
            return this;
        }

        /** See {@link RangeConfig#spoolDirectory()}. */
        public Builder spoolDirectory(Optional<Path> value) {
            this.spoolDirectory = value;
            return this;
        }

        /** See {@link RangeConfig#diagnostics()}. */
        public Builder diagnostics(DiagnosticsPolicy value) {
            this.diagnostics = value;
            return this;
        }

        /** See {@link RangeConfig#events()}. */
        public Builder events(Optional<TransferEvents> value) {
            this.events = value;
            return this;
        }

        /** See {@link RangeConfig#jmx()}. */
        public Builder jmx(JmxPolicy value) {
            this.jmx = value;
            return this;
        }

        private Builder scope(RangeScope value) {
            return includePaths(value.includePaths())
                    .excludePaths(value.excludePaths())
                    .includeTypes(value.includeTypes())
                    .excludeTypes(value.excludeTypes())
                    .noRangesPaths(value.noRangesPaths());
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if a path pattern or a media range is malformed
         */
        public RangeConfig build() {
            return new RangeConfig(
                    staticFiles,
                    rangeAwareServlets,
                    new RangeScope(includePaths, excludePaths, includeTypes, excludeTypes, noRangesPaths),
                    answers,
                    new CompressOptions(compress, compressTypes, compressMinSize, compressMaxSize),
                    spoolHeap,
                    spoolHeapTotalSize,
                    spoolFileSize,
                    spoolTotalSize,
                    spoolDirectory,
                    diagnostics,
                    events,
                    jmx);
        }
    }
}
