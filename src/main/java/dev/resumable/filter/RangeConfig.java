// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentOptions.DigestPolicy;
import dev.resumable.content.EntityTagSource;
import dev.resumable.http.RangeLimits;
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
 * @param etag what the tag of such a file is made of
 * @param syncDigestSize with {@code etag=auto}, the largest file in bytes that is digested while its request waits
 * @param spoolHeap bytes of a response that are kept in the heap before a temporary file is opened
 * @param spoolFileSize the longest response in bytes that is spooled; a longer one passes through without ranges
 * @param spoolTotalSize bytes that all temporary files may take together; past it responses pass through without ranges
 * @param spoolDirectory where temporary files are made; empty for the servlet context's own directory
 * @param maxRanges the most members of a range set; past it the answer is 200
 * @param maxOverlaps the most members that overlap others; past it the answer is 200
 * @param maxDescendingRanges the most members that start before their predecessor; past it the answer is 200
 * @param rangePartOverhead bytes that a part is reckoned to cost beside its own
 * @param rangeAllowance bytes by which a multipart answer may exceed the whole
 * @param reprDigest when Repr-Digest is sent
 * @param contentDigest when Content-Digest is sent
 */
public record RangeConfig(
        StaticFilesPolicy staticFiles,
        Set<String> rangeAwareServlets,
        EntityTagSource.Policy etag,
        long syncDigestSize,
        long spoolHeap,
        long spoolFileSize,
        long spoolTotalSize,
        Optional<Path> spoolDirectory,
        int maxRanges,
        int maxOverlaps,
        int maxDescendingRanges,
        int rangePartOverhead,
        long rangeAllowance,
        DigestPolicy reprDigest,
        DigestPolicy contentDigest) {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
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
                .etag(parameters.choice("etag", otherwise.etag))
                .syncDigestSize(parameters.size("sync-digest-size", otherwise.syncDigestSize))
                .spoolHeap(parameters.size("spool-heap", otherwise.spoolHeap))
                .spoolFileSize(parameters.size("spool-file-size", otherwise.spoolFileSize))
                .spoolTotalSize(parameters.size("spool-total-size", otherwise.spoolTotalSize))
                .spoolDirectory(parameters.text("spool-directory").map(Path::of))
                .maxRanges(parameters.count("max-ranges", otherwise.maxRanges))
                .maxOverlaps(parameters.count("max-overlaps", otherwise.maxOverlaps))
                .maxDescendingRanges(parameters.count("max-descending-ranges", otherwise.maxDescendingRanges))
                .rangePartOverhead(parameters.count("range-part-overhead", otherwise.rangePartOverhead))
                .rangeAllowance(parameters.size("range-allowance", otherwise.rangeAllowance))
                .reprDigest(parameters.choice("repr-digest", otherwise.reprDigest))
                .contentDigest(parameters.choice("content-digest", otherwise.contentDigest))
                .build();
        parameters.rejectUnknown();
        return config;
    }

    ContentOptions contentOptions() {
        RangeLimits limits =
                new RangeLimits(maxRanges, maxOverlaps, maxDescendingRanges, rangePartOverhead, rangeAllowance);
        return new ContentOptions(limits, reprDigest, contentDigest, syncDigestSize);
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private StaticFilesPolicy staticFiles = StaticFilesPolicy.AUTO;
        private Set<String> rangeAwareServlets = Set.of();
        private EntityTagSource.Policy etag = EntityTagSource.Policy.AUTO;
        private long syncDigestSize = 16 * MIB;
        private long spoolHeap = 256 * KIB;
        private long spoolFileSize = 4 * GIB;
        private long spoolTotalSize = 16 * GIB;
        private Optional<Path> spoolDirectory = Optional.empty();
        private int maxRanges = RangeLimits.defaults().maxRanges();
        private int maxOverlaps = RangeLimits.defaults().maxOverlaps();
        private int maxDescendingRanges = RangeLimits.defaults().maxDescending();
        private int rangePartOverhead = RangeLimits.defaults().partOverhead();
        private long rangeAllowance = RangeLimits.defaults().allowance();
        private DigestPolicy reprDigest = DigestPolicy.WANTED;
        private DigestPolicy contentDigest = DigestPolicy.WANTED;

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

        /** See {@link RangeConfig#etag()}. */
        public Builder etag(EntityTagSource.Policy value) {
            this.etag = value;
            return this;
        }

        /** See {@link RangeConfig#syncDigestSize()}. */
        public Builder syncDigestSize(long value) {
            this.syncDigestSize = value;
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

        /** See {@link RangeConfig#maxRanges()}. */
        public Builder maxRanges(int value) {
            this.maxRanges = value;
            return this;
        }

        /** See {@link RangeConfig#maxOverlaps()}. */
        public Builder maxOverlaps(int value) {
            this.maxOverlaps = value;
            return this;
        }

        /** See {@link RangeConfig#maxDescendingRanges()}. */
        public Builder maxDescendingRanges(int value) {
            this.maxDescendingRanges = value;
            return this;
        }

        /** See {@link RangeConfig#rangePartOverhead()}. */
        public Builder rangePartOverhead(int value) {
            this.rangePartOverhead = value;
            return this;
        }

        /** See {@link RangeConfig#rangeAllowance()}. */
        public Builder rangeAllowance(long value) {
            this.rangeAllowance = value;
            return this;
        }

        /** See {@link RangeConfig#reprDigest()}. */
        public Builder reprDigest(DigestPolicy value) {
            this.reprDigest = value;
            return this;
        }

        /** See {@link RangeConfig#contentDigest()}. */
        public Builder contentDigest(DigestPolicy value) {
            this.contentDigest = value;
            return this;
        }

        /** The configuration. */
        public RangeConfig build() {
            return new RangeConfig(
                    staticFiles,
                    rangeAwareServlets,
                    etag,
                    syncDigestSize,
                    spoolHeap,
                    spoolFileSize,
                    spoolTotalSize,
                    spoolDirectory,
                    maxRanges,
                    maxOverlaps,
                    maxDescendingRanges,
                    rangePartOverhead,
                    rangeAllowance,
                    reprDigest,
                    contentDigest);
        }
    }
}
