// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.files.DirectoryListing.Entry;
import dev.resumable.files.DirectoryListing.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listings as bytes: order, escaping, and what is written of an entry. */
class ListingsTest {

    private static final Instant TIME = Instant.parse("2026-11-20T12:34:56.789Z");

    @Test
    void directoriesComeFirstThenNamesWhateverTheirCase() {
        DirectoryListing listing = new DirectoryListing(
                RequestPath.parse("/"),
                List.of(file("b"), file("C"), file("a"), directory("z"), directory("Y"), file("A")));

        assertThat(listing.entries().stream().map(Entry::name)).containsExactly("Y", "z", "A", "a", "b", "C");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1024 B (1.0 KiB)",
        "1536, 1536 B (1.5 KiB)",
        "1048575, 1048575 B (1.0 MiB)",
        "1048576, 1048576 B (1.0 MiB)",
        "5368709120, 5368709120 B (5.0 GiB)",
        "9223372036854775807, 9223372036854775807 B (8.0 EiB)"
    })
    void sizesAreInBytesAndInReadableUnits(long size, String expected) {
        assertThat(HtmlListing.size(size)).isEqualTo(expected);
    }

    @Test
    void aPageEscapesNamesInTextAndInLinks() {
        String page =
                html("/<b>/", file("<script>alert('1&\"')</script>.txt"), file("javascript:alert(1)"), file("ü %?#"));

        assertThat(page)
                .doesNotContain("<script", "<b>", "href=\"javascript")
                .contains("<title>Index of /&lt;b&gt;/</title>")
                .contains("<bdi>&lt;script&gt;alert(&#39;1&amp;&quot;&#39;)&lt;/script&gt;.txt</bdi>")
                .contains("<a href=\"./javascript%3Aalert%281%29\">")
                .contains("<a href=\"./%C3%BC%20%25%3F%23\"><bdi>ü %?#</bdi></a>");
    }

    @Test
    void aPageShowsSizesTimesAndTheWayUp() {
        assertThat(html("/sub/", directory("d"), file("f.bin")))
                .contains("<a href=\"../\">")
                .contains("<a href=\"./d/\"><bdi>d/</bdi></a></td><td></td>")
                .contains(
                        "<td>5000 B (4.9 KiB)</td><td><time datetime=\"2026-11-20T12:34:56Z\">2026-11-20 12:34</time>");
        assertThat(html("/")).doesNotContain("../");
    }

    @Test
    void aDocumentIsReadBackAsItWas() throws IOException {
        String name = "\"\\\u0001\n</script>ü\uD83D\uDE00";

        Map<String, Object> document = JSON.std.mapFrom(JsonListing.write(
                new DirectoryListing(RequestPath.parse("/sub \"x\"/"), List.of(file(name), directory("d")))));

        assertThat(document).containsOnlyKeys("path", "entries").containsEntry("path", "/sub \"x\"/");
        assertThat(document.get("entries"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .containsExactly(
                        Map.of("name", "d", "type", "directory", "modified", "2026-11-20T12:34:56Z"),
                        Map.of("name", name, "type", "file", "size", 5000, "modified", "2026-11-20T12:34:56Z"));
    }

    @Test
    void anEmptyDirectoryIsAnEmptyList() throws IOException {
        Map<String, Object> document =
                JSON.std.mapFrom(JsonListing.write(new DirectoryListing(RequestPath.parse("/"), List.of())));

        assertThat(document).containsExactly(entry("path", "/"), entry("entries", List.of()));
    }

    private static String html(String path, Entry... entries) {
        return new String(
                HtmlListing.write(new DirectoryListing(RequestPath.parse(path), List.of(entries))),
                StandardCharsets.UTF_8);
    }

    private static Entry file(String name) {
        return new Entry(name, Kind.FILE, 5000, TIME);
    }

    private static Entry directory(String name) {
        return new Entry(name, Kind.DIRECTORY, 0, TIME);
    }
}
