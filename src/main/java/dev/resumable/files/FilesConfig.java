// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.config.ContentParameters;
import dev.resumable.metrics.TransferEvents;
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
 * @param answers tags, limits and digests; each component of it is an init-param of its own
 * @param cacheControl the Cache-Control of files; empty for none
 * @param contentSecurityPolicy the Content-Security-Policy of files, such as {@code sandbox}; empty for none
 * @param events is told what becomes of each answer; empty for nobody
 */
public record FilesConfig(
        Path directory,
        Listing listing,
        List<String> indexFiles,
        HiddenFiles hiddenFiles,
        SymbolicLinks symbolicLinks,
        ContentOptions answers,
        Optional<String> cacheControl,
        Optional<String> contentSecurityPolicy,
        Optional<TransferEvents> events) {

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
                .answers(ContentParameters.read(parameters, otherwise.answers))
                .cacheControl(fieldValue(parameters, "cache-control"))
                .contentSecurityPolicy(fieldValue(parameters, "content-security-policy"))
                .events(parameters.instance("events", TransferEvents.class))
                .build();
        parameters.rejectUnknown();
        return config;
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
        private ContentOptions answers = ContentOptions.defaults();
        private Optional<String> cacheControl = Optional.empty();
        private Optional<String> contentSecurityPolicy = Optional.empty();
        private Optional<TransferEvents> events = Optional.empty();

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

        /** See {@link FilesConfig#answers()}. */
        public Builder answers(ContentOptions value) {
            this.answers = value;
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

        /** See {@link FilesConfig#events()}. */
        public Builder events(Optional<TransferEvents> value) {
            this.events = value;
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
                    answers,
                    cacheControl,
                    contentSecurityPolicy,
                    events);
        }
    }
}
