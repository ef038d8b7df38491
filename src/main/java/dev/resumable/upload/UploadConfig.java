// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.servlet.InitParameters;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of an {@link UploadServlet}; immutable.
 *
 * <p>In web.xml every component is an init-param of the same name in kebab-case ({@code maxSize} is {@code max-size});
 * {@code docs/configuration.md} has the table.
 *
 * @param directory where uploads and files are kept; made if it is missing
 * @param catalogue where the finished files are written down
 * @param fsync when bytes and states are forced to the disk
 * @param maxSize the largest upload in bytes
 * @param partSize the size of a part, unless the client wishes another
 * @param digests whether the body of a part must have a digest
 * @param maxOpenUploads the most unfinished uploads of one owner
 * @param maxOwnerBytes the most bytes of one owner's files and unfinished uploads together
 * @param expiry how long an upload is kept that nobody goes on with, and the record of a finished one
 * @param readTimeout how long a body may pause
 * @param minDataRate the slowest average of a body, in bytes per second
 * @param maxBlockingBodies the most bodies at a time that hold a thread each, where async processing is not supported
 * @param ownerField the field in which a trusted front server names the owner; without it the owner is the principal
 * @param allowedOrigins the origins whose pages may use the uploads, beside the servlet's own; {@code *} for all
 * @param credentials whether pages of those origins may send cookies and the like
 * @param interimResponses whether clients of the IETF draft are told by an interim response where their upload is, where that is possible
 * @param events is told what becomes of uploads; empty for nobody
 */
public record UploadConfig(
        Path directory,
        CatalogueConfig catalogue,
        FsyncPolicy fsync,
        long maxSize,
        long partSize,
        DigestPolicy digests,
        int maxOpenUploads,
        long maxOwnerBytes,
        Duration expiry,
        Duration readTimeout,
        long minDataRate,
        int maxBlockingBodies,
        Optional<String> ownerField,
        Set<String> allowedOrigins,
        Credentials credentials,
        Switch interimResponses,
        Optional<TransferEvents> events) {

    private static final String DIRECTORY_ALLOWED = "the path of a directory";
    private static final String SIZE_ALLOWED = "at least 1";
    private static final String TIME_ALLOWED = "more than no time";
    private static final String FIELD_ALLOWED = "the name of a field";
    private static final String ORIGINS_ALLOWED = "origins such as https://shop.example, or *";

    /** Whether the body of a part must have a digest. */
    public enum DigestPolicy {
        /** One that is sent is checked. */
        OPTIONAL,
        /** A body without one is refused. */
        REQUIRED
    }

    /** Whether pages of other origins may send what the browser knows of its user. */
    public enum Credentials {
        /** No. */
        DENY,
        /** Yes; the origins must then be named, one by one. */
        ALLOW
    }

    /** Something that is done, or not. */
    public enum Switch {
        /** It is done. */
        ON,
        /** It is not. */
        OFF
    }

    /** Takes the origins as a copy and checks what the types do not say. */
    public UploadConfig {
        allowedOrigins = Set.copyOf(allowedOrigins);
        if (partSize < 1) {
            throw mustBe("partSize", SIZE_ALLOWED);
        }
        if (maxBlockingBodies < 1) {
            throw mustBe("maxBlockingBodies", SIZE_ALLOWED);
        }
        if (!isPositive(expiry) || !isPositive(readTimeout)) {
            throw mustBe("expiry and readTimeout", TIME_ALLOWED);
        }
        if (!ownerField.stream().allMatch(UploadConfig::isFieldName)) {
            throw mustBe("ownerField", FIELD_ALLOWED);
        }
        if (!allowedOrigins.stream().allMatch(UploadConfig::isOrigin)) {
            throw mustBe("allowedOrigins", ORIGINS_ALLOWED);
        }
        if (credentials == Credentials.ALLOW && allowedOrigins.contains("*")) {
            throw new IllegalArgumentException("credentials can be allowed to named origins only, not to *");
        }
    }

    /** The defaults for a directory. */
    public static UploadConfig defaults(Path directory) {
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
    static UploadConfig from(InitParameters parameters) {
        checkEach(parameters);
        Builder otherwise = builder(directory(parameters));
        UploadConfig config = builder(otherwise.directory)
                .catalogue(CatalogueConfig.from(parameters))
                .fsync(parameters.choice("fsync", otherwise.fsync))
                .maxSize(parameters.size("max-size", otherwise.maxSize))
                .partSize(parameters.size("part-size", otherwise.partSize))
                .digests(parameters.choice("digests", otherwise.digests))
                .maxOpenUploads(parameters.count("max-open-uploads", otherwise.maxOpenUploads))
                .maxOwnerBytes(parameters.size("max-owner-bytes", otherwise.maxOwnerBytes))
                .expiry(parameters.time("expiry", otherwise.expiry))
                .readTimeout(parameters.time("read-timeout", otherwise.readTimeout))
                .minDataRate(parameters.size("min-data-rate", otherwise.minDataRate))
                .maxBlockingBodies(parameters.count("max-blocking-bodies", otherwise.maxBlockingBodies))
                .ownerField(parameters.text("owner-field"))
                .allowedOrigins(parameters.names("allowed-origins", otherwise.allowedOrigins))
                .credentials(parameters.choice("credentials", otherwise.credentials))
                .interimResponses(parameters.choice("interim-responses", otherwise.interimResponses))
                .events(parameters.instance("events", TransferEvents.class))
                .build();
        parameters.rejectUnknown();
        return config;
    }

    /** What the record would refuse too, but under the name that the deployer has written. */
    private static void checkEach(InitParameters parameters) {
        if (parameters.size("part-size", 1) < 1) {
            throw parameters.malformed("part-size", "0", SIZE_ALLOWED);
        }
        if (parameters.count("max-blocking-bodies", 1) < 1) {
            throw parameters.malformed("max-blocking-bodies", "0", SIZE_ALLOWED);
        }
        for (String name : List.of("expiry", "read-timeout")) {
            if (!isPositive(parameters.time(name, Duration.ofSeconds(1)))) {
                throw parameters.malformed(name, parameters.text(name).orElse(""), TIME_ALLOWED);
            }
        }
        Optional<String> field = parameters.text("owner-field");
        if (!field.stream().allMatch(UploadConfig::isFieldName)) {
            throw parameters.malformed("owner-field", field.orElse(""), FIELD_ALLOWED);
        }
        Set<String> origins = parameters.names("allowed-origins", Set.of());
        if (!origins.stream().allMatch(UploadConfig::isOrigin)) {
            throw parameters.malformed("allowed-origins", String.join(", ", origins), ORIGINS_ALLOWED);
        }
    }

    private static boolean isPositive(Duration time) {
        return !time.isNegative() && !time.isZero();
    }

    private static boolean isFieldName(String text) {
        // RFC 9110 §5.6.2: a token.
        return !text.isEmpty()
                && text.chars().allMatch(c -> c > ' ' && c <= '~' && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }

    /** Scheme, host and port as a browser writes them, so that they can be compared as text. */
    private static boolean isOrigin(String text) {
        int authority = text.indexOf("://") + 3;
        return text.equals("*")
                || (authority > 3
                        && authority < text.length()
                        && text.indexOf('/', authority) < 0
                        && text.equals(text.toLowerCase(Locale.ROOT)));
    }

    private static IllegalArgumentException mustBe(String component, String allowed) {
        return new IllegalArgumentException(component + " must be " + allowed);
    }

    private static Path directory(InitParameters parameters) {
        String value = parameters.text("directory").orElse("");
        try {
            if (!value.isEmpty()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            // The same complaint as for none.
        }
        throw parameters.malformed("directory", value, DIRECTORY_ALLOWED);
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private final Path directory;
        private CatalogueConfig catalogue = CatalogueConfig.inDirectory();
        private FsyncPolicy fsync = FsyncPolicy.PER_REQUEST;
        private long maxSize = 1024L << 30;
        private long partSize = 5L << 20;
        private DigestPolicy digests = DigestPolicy.OPTIONAL;
        private int maxOpenUploads = 1000;
        private long maxOwnerBytes = 4096L << 30;
        private Duration expiry = Duration.ofHours(24);
        private Duration readTimeout = Duration.ofSeconds(60);
        private long minDataRate = 64;
        private int maxBlockingBodies = 100;
        private Optional<String> ownerField = Optional.empty();
        private Set<String> allowedOrigins = Set.of();
        private Credentials credentials = Credentials.DENY;
        private Switch interimResponses = Switch.ON;
        private Optional<TransferEvents> events = Optional.empty();

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** See {@link UploadConfig#catalogue()}. */
        public Builder catalogue(CatalogueConfig value) {
            this.catalogue = value;
            return this;
        }

        /** See {@link UploadConfig#fsync()}. */
        public Builder fsync(FsyncPolicy value) {
            this.fsync = value;
            return this;
        }

        /** See {@link UploadConfig#maxSize()}. */
        public Builder maxSize(long value) {
            this.maxSize = value;
            return this;
        }

        /** See {@link UploadConfig#partSize()}. */
        public Builder partSize(long value) {
            this.partSize = value;
            return this;
        }

        /** See {@link UploadConfig#digests()}. */
        public Builder digests(DigestPolicy value) {
            this.digests = value;
            return this;
        }

        /** See {@link UploadConfig#maxOpenUploads()}. */
        public Builder maxOpenUploads(int value) {
            this.maxOpenUploads = value;
            return this;
        }

        /** See {@link UploadConfig#maxOwnerBytes()}. */
        public Builder maxOwnerBytes(long value) {
            this.maxOwnerBytes = value;
            return this;
        }

        /** See {@link UploadConfig#expiry()}. */
        public Builder expiry(Duration value) {
            this.expiry = value;
            return this;
        }

        /** See {@link UploadConfig#readTimeout()}. */
        public Builder readTimeout(Duration value) {
            this.readTimeout = value;
            return this;
        }

        /** See {@link UploadConfig#minDataRate()}. */
        public Builder minDataRate(long value) {
            this.minDataRate = value;
            return this;
        }

        /** See {@link UploadConfig#maxBlockingBodies()}. */
        public Builder maxBlockingBodies(int value) {
            this.maxBlockingBodies = value;
            return this;
        }

        /** See {@link UploadConfig#ownerField()}. */
        public Builder ownerField(Optional<String> value) {
            this.ownerField = value;
            return this;
        }

        /** See {@link UploadConfig#allowedOrigins()}. */
        public Builder allowedOrigins(Set<String> value) {
            this.allowedOrigins = value;
            return this;
        }

        /** See {@link UploadConfig#credentials()}. */
        public Builder credentials(Credentials value) {
            this.credentials = value;
            return this;
        }

        /** See {@link UploadConfig#interimResponses()}. */
        public Builder interimResponses(Switch value) {
            this.interimResponses = value;
            return this;
        }

        /** See {@link UploadConfig#events()}. */
        public Builder events(Optional<TransferEvents> value) {
            this.events = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if components contradict each other
         */
        public UploadConfig build() {
            return new UploadConfig(
                    directory,
                    catalogue,
                    fsync,
                    maxSize,
                    partSize,
                    digests,
                    maxOpenUploads,
                    maxOwnerBytes,
                    expiry,
                    readTimeout,
                    minDataRate,
                    maxBlockingBodies,
                    ownerField,
                    allowedOrigins,
                    credentials,
                    interimResponses,
                    events);
        }
    }
}
