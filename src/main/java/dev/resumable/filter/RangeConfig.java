// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.config.ContentParameters;
import dev.resumable.servlet.InitParameters;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of a {@link RangeServletFilter}; immutable.
 *
 * <p>In web.xml every component is an init-param of the same name in kebab-case ({@code spoolHeap} is
 * {@code spool-heap}); {@code docs/configuration.md} has the table.
 *
 * @param staticFiles how files that the container's default servlet would send are answered
 * @param rangeAwareServlets names of servlets that answer ranges themselves and get their requests as they came
 * @param answers tags, limits and digests; each component of it is an init-param of its own
 * @param spoolHeap bytes of a response that are kept in the heap before a temporary file is opened
 * @param spoolFileSize the longest response in bytes that is spooled; a longer one passes through without ranges
 * @param spoolTotalSize bytes that all temporary files may take together; past it responses pass through without ranges
 * @param spoolDirectory where temporary files are made; empty for the servlet context's own directory
 */
public record RangeConfig(
        StaticFilesPolicy staticFiles,
        Set<String> rangeAwareServlets,
        ContentOptions answers,
        long spoolHeap,
        long spoolFileSize,
        long spoolTotalSize,
        Optional<Path> spoolDirectory) {

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
                .answers(ContentParameters.read(parameters, otherwise.answers))
                .spoolHeap(parameters.size("spool-heap", otherwise.spoolHeap))
                .spoolFileSize(parameters.size("spool-file-size", otherwise.spoolFileSize))
                .spoolTotalSize(parameters.size("spool-total-size", otherwise.spoolTotalSize))
                .spoolDirectory(parameters.text("spool-directory").map(Path::of))
                .build();
        parameters.rejectUnknown();
        return config;
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private StaticFilesPolicy staticFiles = StaticFilesPolicy.AUTO;
        private Set<String> rangeAwareServlets = Set.of();
        private ContentOptions answers = ContentOptions.defaults();
        private long spoolHeap = 256 * KIB;
        private long spoolFileSize = 4 * GIB;
        private long spoolTotalSize = 16 * GIB;
        private Optional<Path> spoolDirectory = Optional.empty();

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

        /** See {@link RangeConfig#answers()}. */
        public Builder answers(ContentOptions value) {
            this.answers = value;
            return this;
        }

        /** See {@link RangeConfig#spoolHeap()}. */
        public Builder spoolHeap(long value) {
            this.spoolHeap = value;
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

        /** The configuration. */
        public RangeConfig build() {
            return new RangeConfig(
                    staticFiles, rangeAwareServlets, answers, spoolHeap, spoolFileSize, spoolTotalSize, spoolDirectory);
        }
    }
}
