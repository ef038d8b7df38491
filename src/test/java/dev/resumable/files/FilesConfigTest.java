// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.content.ContentOptions;
import dev.resumable.content.ContentOptions.DigestPolicy;
import dev.resumable.content.EntityTagSource;
import dev.resumable.files.FilesConfig.HiddenFiles;
import dev.resumable.files.FilesConfig.Listing;
import dev.resumable.files.FilesConfig.SymbolicLinks;
import dev.resumable.servlet.InitParameters;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The init-params of the servlet. */
class FilesConfigTest {

    @TempDir
    private Path directory;

    @Test
    void aDirectoryAloneGivesTheDefaults() {
        FilesConfig config = read(Map.of());

        assertThat(config).isEqualTo(FilesConfig.defaults(directory));
        assertThat(config.listing()).isEqualTo(Listing.OFF);
        assertThat(config.hiddenFiles()).isEqualTo(HiddenFiles.DENY);
        assertThat(config.symbolicLinks()).isEqualTo(SymbolicLinks.INSIDE);
        assertThat(config.answers().etag()).isEqualTo(EntityTagSource.Policy.AUTO);
        assertThat(config.answers()).isEqualTo(ContentOptions.defaults());
    }

    @Test
    void everyParameterIsRead() {
        Map<String, String> all = new TreeMap<>(Map.of(
                "listing", "on",
                "index-files", "index.html, index.htm",
                "hidden-files", "allow",
                "symbolic-links", "follow",
                "etag", "content",
                "sync-digest-size", "2MiB",
                "repr-digest", "always",
                "content-digest", "never",
                "cache-control", "max-age=60, public",
                "content-security-policy", "sandbox; default-src 'none'"));
        all.putAll(Map.of("digest-index", "/var/digests", "digest-warm-up", "on"));
        all.putAll(Map.of("max-ranges", "7", "max-overlaps", "3", "max-descending-ranges", "2"));

        assertThat(read(all))
                .isEqualTo(FilesConfig.builder(directory)
                        .listing(Listing.ON)
                        .indexFiles(List.of("index.html", "index.htm"))
                        .hiddenFiles(HiddenFiles.ALLOW)
                        .symbolicLinks(SymbolicLinks.FOLLOW)
                        .answers(ContentOptions.builder()
                                .etag(EntityTagSource.Policy.CONTENT)
                                .syncDigestSize(2 << 20)
                                .digestIndex(Optional.of(Path.of("/var/digests")))
                                .digestWarmUp(ContentOptions.WarmUp.ON)
                                .maxRanges(7)
                                .maxOverlaps(3)
                                .maxDescendingRanges(2)
                                .reprDigest(DigestPolicy.ALWAYS)
                                .contentDigest(DigestPolicy.NEVER)
                                .build())
                        .cacheControl(Optional.of("max-age=60, public"))
                        .contentSecurityPolicy(Optional.of("sandbox; default-src 'none'"))
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listing | yes | one of on, off",
                "hidden-files | maybe | one of deny, allow",
                "symbolic-links | all | one of inside, deny, follow",
                "etag | strong | one of content, metadata, auto",
                "sync-digest-size | -1 | a size",
                "max-ranges | many | a whole number",
                "index-files | a,,b | file names separated by commas",
                "index-files | ../index.html | file names separated by commas",
                "cache-control | n\u00F6 | visible ASCII",
                "content-security-policy | a\u0007b | visible ASCII",
                "directory | /no/such/directory | the path of a directory that exists",
                "directory | '' | the path of a directory that exists"
            })
    void aMalformedValueIsNamedWithWhatIsAllowed(String name, String value, String allowed) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("servlet files", "\"" + name + "\"", "\"" + value + "\"", allowed);
    }

    @Test
    void anUnknownNameIsNamedWithAllThatAreAllowed() {
        assertThatThrownBy(() -> read(Map.of("dir", "/tmp")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"dir\"", "directory, listing, index-files", "content-security-policy");
    }

    @Test
    void theServletDoesNotStartWithAnUnknownParameter() {
        assertThatThrownBy(() -> new FileServlet().init(new WebXml(Map.of("directory", "/", "listings", "on"))))
                .isInstanceOf(ServletException.class)
                .hasMessageContainingAll("servlet files", "\"listings\"", "\"on\"");
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> FilesConfig.defaults(file)).hasMessageContaining("directory must be");
    }

    private FilesConfig read(Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.putIfAbsent("directory", directory.toString());
        return FilesConfig.from(InitParameters.of(new WebXml(all)));
    }

    /** The init-params of one servlet element. */
    private record WebXml(Map<String, String> parameters) implements ServletConfig {
        @Override
        public String getServletName() {
            return "files";
        }

        @Override
        public ServletContext getServletContext() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getInitParameter(String name) {
            return parameters.get(name);
        }

        @Override
        public Enumeration<String> getInitParameterNames() {
            return Collections.enumeration(parameters.keySet());
        }
    }
}
