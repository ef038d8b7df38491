// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentOptions.DigestPolicy;
import dev.resumable.content.EntityTagSource;
import dev.resumable.http.RangeLimits;
import dev.resumable.servlet.InitParameters;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of a {@link FileServlet}; immutable.
 *
 * <p>In web.xml every component is an init-param of the same name in kebab-case ({@code indexFiles} is
 * {@code index-files}); {@code docs/files.md} has the table.
 *
 * @param directory the directory that is served; a relative path starts at the working directory of the process
 * @param listing whether a directory answers with what is in it
 * @param indexFiles names of files that answer for their directory, the first that is there
 * @param hiddenFiles whether names that start with a dot can be asked for, at any depth
 * @param symbolicLinks which symbolic links are followed
 * @param etag what the entity-tag of a file is made of
 * @param syncDigestSize with {@code etag=auto}, the largest file in bytes that is digested while its request waits
 * @param maxRanges the most members of a range set; past it the answer is 200
 * @param maxOverlaps the most members that overlap others; past it the answer is 200
 * @param maxDescendingRanges the most members that start before their predecessor; past it the answer is 200
 * @param reprDigest when Repr-Digest is sent
 * @param contentDigest when Content-Digest is sent
 * @param cacheControl the Cache-Control of files; empty for none
 * @param contentSecurityPolicy the Content-Security-Policy of files, such as {@code sandbox}; empty for none
 */
public record FilesConfig(
        Path directory,
        Listing listing,
        List<String> indexFiles,
        HiddenFiles hiddenFiles,
        SymbolicLinks symbolicLinks,
        EntityTagSource.Policy etag,
        long syncDigestSize,
        int maxRanges,
        int maxOverlaps,
        int maxDescendingRanges,
        DigestPolicy reprDigest,
        DigestPolicy contentDigest,
        Optional<String> cacheControl,
        Optional<String> contentSecurityPolicy) {

    private static final String DIRECTORY_ALLOWED = "the path of a directory that exists";
    private static final String INDEX_ALLOWED = "file names separated by commas";
    private static final String FIELD_ALLOWED = "a field value of visible ASCII characters and spaces";

    /** Whether a directory answers with what is in it. */
    public enum Listing {
        /** With a page, or JSON where the client prefers that. */
        ON,
        /** As if it did not exist. */
        OFF
    }

    /** What a name that starts with a dot is. */
    public enum HiddenFiles {
        /** Never found, nor is anything below such a directory. */
        DENY,
        /** A name like any other. */
        ALLOW
    }

    /** Which symbolic links below the served directory are followed. */
    public enum SymbolicLinks {
        /** Those whose final target is in the served directory. */
        INSIDE,
        /** None. */
        DENY,
        /** All: whoever may make links in the directory may publish whatever the process can read. */
        FOLLOW
    }

    /** Takes the lists as copies and checks what the types do not say. */
    public FilesConfig {
        indexFiles = List.copyOf(indexFiles);
        if (!Files.isDirectory(directory)) {
            throw mustBe("directory", DIRECTORY_ALLOWED);
        }
        if (!indexFiles.stream().allMatch(FilesConfig::isFileName)) {
            throw mustBe("indexFiles", INDEX_ALLOWED);
        }
        if (!Stream.concat(cacheControl.stream(), contentSecurityPolicy.stream())
                .allMatch(FilesConfig::isFieldValue)) {
            throw mustBe("cacheControl and contentSecurityPolicy", FIELD_ALLOWED);
        }
    }

    /**
     * The defaults for a directory.
     *
     * @throws IllegalArgumentException if it is not a directory
     */
    public static FilesConfig defaults(Path directory) {
        return builder(directory).build();
    }

    /** A builder that starts with the defaults for a directory. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /**
     * Reads init-params.
     *
     * @throws IllegalArgumentException if one is unknown or malformed, with its name, its value and what is allowed
     */
    static FilesConfig from(InitParameters parameters) {
        Builder otherwise = builder(directory(parameters));
        FilesConfig config = builder(otherwise.directory)
                .listing(parameters.choice("listing", otherwise.listing))
                .indexFiles(indexFiles(parameters))
                .hiddenFiles(parameters.choice("hidden-files", otherwise.hiddenFiles))
                .symbolicLinks(parameters.choice("symbolic-links", otherwise.symbolicLinks))
                .etag(parameters.choice("etag", otherwise.etag))
                .syncDigestSize(parameters.size("sync-digest-size", otherwise.syncDigestSize))
                .maxRanges(parameters.count("max-ranges", otherwise.maxRanges))
                .maxOverlaps(parameters.count("max-overlaps", otherwise.maxOverlaps))
                .maxDescendingRanges(parameters.count("max-descending-ranges", otherwise.maxDescendingRanges))
                .reprDigest(parameters.choice("repr-digest", otherwise.reprDigest))
                .contentDigest(parameters.choice("content-digest", otherwise.contentDigest))
                .cacheControl(fieldValue(parameters, "cache-control"))
                .contentSecurityPolicy(fieldValue(parameters, "content-security-policy"))
                .build();
        parameters.rejectUnknown();
        return config;
    }

    ContentOptions contentOptions() {
        RangeLimits otherwise = RangeLimits.defaults();
        RangeLimits limits = new RangeLimits(
                maxRanges, maxOverlaps, maxDescendingRanges, otherwise.partOverhead(), otherwise.allowance());
        return new ContentOptions(limits, reprDigest, contentDigest, syncDigestSize);
    }

    private static Path directory(InitParameters parameters) {
        String value = parameters.text("directory").orElse("");
        try {
            Path path = Path.of(value);
            // An absent value would be the working directory.
            if (!value.isEmpty() && Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // The same complaint as for a path that leads nowhere.
        }
        throw parameters.malformed("directory", value, DIRECTORY_ALLOWED);
    }

    private static List<String> indexFiles(InitParameters parameters) {
        String value = parameters.text("index-files").orElse("");
        List<String> names = value.isEmpty()
                ? List.of()
                : Stream.of(value.split(",", -1)).map(String::trim).toList();
        if (!names.stream().allMatch(FilesConfig::isFileName)) {
            throw parameters.malformed("index-files", value, INDEX_ALLOWED);
        }
        return names;
    }

    private static Optional<String> fieldValue(InitParameters parameters, String name) {
        Optional<String> value = parameters.text(name);
        if (!value.stream().allMatch(FilesConfig::isFieldValue)) {
            throw parameters.malformed(name, value.orElse(""), FIELD_ALLOWED);
        }
        return value;
    }

    private static boolean isFileName(String text) {
        return NameRules.ofThisPlatform().allows(text);
    }

    private static boolean isFieldValue(String text) {
        return text.chars().allMatch(c -> ' ' <= c && c <= '~');
    }

    private static IllegalArgumentException mustBe(String component, String allowed) {
        return new IllegalArgumentException(component + " must be " + allowed);
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private final Path directory;
        private Listing listing = Listing.OFF;
        private List<String> indexFiles = List.of();
        private HiddenFiles hiddenFiles = HiddenFiles.DENY;
        private SymbolicLinks symbolicLinks = SymbolicLinks.INSIDE;
        private EntityTagSource.Policy etag = EntityTagSource.Policy.AUTO;
        private long syncDigestSize = 16L << 20;
        private int maxRanges = RangeLimits.defaults().maxRanges();
        private int maxOverlaps = RangeLimits.defaults().maxOverlaps();
        private int maxDescendingRanges = RangeLimits.defaults().maxDescending();
        private DigestPolicy reprDigest = DigestPolicy.WANTED;
        private DigestPolicy contentDigest = DigestPolicy.WANTED;
        private Optional<String> cacheControl = Optional.empty();
        private Optional<String> contentSecurityPolicy = Optional.empty();

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** See {@link FilesConfig#listing()}. */
        public Builder listing(Listing value) {
            this.listing = value;
            return this;
        }

        /** See {@link FilesConfig#indexFiles()}. */
        public Builder indexFiles(List<String> value) {
            this.indexFiles = value;
            return this;
        }

        /** See {@link FilesConfig#hiddenFiles()}. */
        public Builder hiddenFiles(HiddenFiles value) {
            this.hiddenFiles = value;
            return this;
        }

        /** See {@link FilesConfig#symbolicLinks()}. */
        public Builder symbolicLinks(SymbolicLinks value) {
            this.symbolicLinks = value;
            return this;
        }

        /** See {@link FilesConfig#etag()}. */
        public Builder etag(EntityTagSource.Policy value) {
            this.etag = value;
            return this;
        }

        /** See {@link FilesConfig#syncDigestSize()}. */
        public Builder syncDigestSize(long value) {
            this.syncDigestSize = value;
            return this;
        }

        /** See {@link FilesConfig#maxRanges()}. */
        public Builder maxRanges(int value) {
            this.maxRanges = value;
            return this;
        }

        /** See {@link FilesConfig#maxOverlaps()}. */
        public Builder maxOverlaps(int value) {
            this.maxOverlaps = value;
            return this;
        }

        /** See {@link FilesConfig#maxDescendingRanges()}. */
        public Builder maxDescendingRanges(int value) {
            this.maxDescendingRanges = value;
            return this;
        }

        /** See {@link FilesConfig#reprDigest()}. */
        public Builder reprDigest(DigestPolicy value) {
            this.reprDigest = value;
            return this;
        }

        /** See {@link FilesConfig#contentDigest()}. */
        public Builder contentDigest(DigestPolicy value) {
            this.contentDigest = value;
            return this;
        }

        /** See {@link FilesConfig#cacheControl()}. */
        public Builder cacheControl(Optional<String> value) {
            this.cacheControl = value;
            return this;
        }

        /** See {@link FilesConfig#contentSecurityPolicy()}. */
        public Builder contentSecurityPolicy(Optional<String> value) {
            this.contentSecurityPolicy = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if the directory is none, or a name or a field value is malformed
         */
        public FilesConfig build() {
            return new FilesConfig(
                    directory,
                    listing,
                    indexFiles,
                    hiddenFiles,
                    symbolicLinks,
                    etag,
                    syncDigestSize,
                    maxRanges,
                    maxOverlaps,
                    maxDescendingRanges,
                    reprDigest,
                    contentDigest,
                    cacheControl,
                    contentSecurityPolicy);
        }
    }
}
