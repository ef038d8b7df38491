// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of files, page by page. */
@DisplayName("the list of files")
class FilePagesTest {

    private static final String FILES = "/app/uploads/files/";
    private static final String ID = "abcdefghijklmnopqrstuvwx";

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of());
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    /** Makes files and gives their hrefs, the newest first. */
    private static List<String> made(PartsClient client, int count) throws IOException {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String upload = client.create(1, 1);
            client.put(upload, 1, bytes(i, 1));
            made.add(0, PartsClient.file(client.complete(upload)).get("href").toString());
        }
        return made;
    }

    @SuppressWarnings("unchecked")
    private static List<String> hrefs(RawResponse response) throws IOException {
        List<Map<String, Object>> files =
                (List<Map<String, Object>>) json(response).get("files");
        return files.stream().map(file -> file.get("href").toString()).toList();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("comes in pages, whose links lead to all files, each once")
    void pages(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind).as("alice");
        List<String> made = made(client, 5);

        RawResponse first = client.get(FILES + "?limit=2");
        assertThat(hrefs(first)).isEqualTo(made.subList(0, 2));
        RawResponse second = client.get(json(first).get("next").toString());
        assertThat(hrefs(second)).isEqualTo(made.subList(2, 4));
        RawResponse last = client.get(json(second).get("next").toString());
        assertThat(hrefs(last)).isEqualTo(made.subList(4, 5));
        assertThat(json(last)).doesNotContainKey("next");
        RawResponse exact = client.get(FILES + "?limit=5");
        assertThat(hrefs(exact)).isEqualTo(made);
        assertThat(json(exact)).doesNotContainKey("next");
        assertThat(hrefs(client.get(FILES))).isEqualTo(made);
        // Others see nothing, whatever cursor they have.
        assertThat(hrefs(client.as("bob").get(json(first).get("next").toString())))
                .isEmpty();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("goes on where it was, though files come and go")
    void changes(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind).as("carol");
        List<String> made = made(client, 4);
        String next = json(client.get(FILES + "?limit=2")).get("next").toString();

        client.send("DELETE", made.get(1));
        made(client, 1);

        assertThat(hrefs(client.get(next))).isEqualTo(made.subList(2, 4));
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has no more than 1000 files, also if more are asked for or no limit is given")
    void most(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind).as("dave");
        assertThat(client.get(FILES + "?limit=999999999999").status()).isEqualTo(200);
        assertThat(FilePage.read("limit=1001&x=y")).isEqualTo(FilePage.read("limit=1000"));
        assertThat(FilePage.read("")).isEqualTo(FilePage.read("limit=1000"));
    }

    static List<Arguments> wrong() {
        return ContainerKind.running().stream()
                .flatMap(kind -> List.of(
                                "limit=0",
                                "limit=",
                                "limit=-1",
                                "limit=1.5",
                                "limit=%31",
                                "after=",
                                "after=" + ID,
                                "after=1.2",
                                "after=1.2." + ID + "x",
                                "after=1.-2." + ID,
                                "after=99999999999999999999.0." + ID,
                                "after=999999999999999999.0." + ID,
                                "after=1.2." + ID + ".3")
                        .stream()
                        .map(query -> Arguments.of(kind, query)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("is refused with a query that makes no sense")
    void wrong(ContainerKind kind, String query) throws IOException {
        RawResponse response = servers.client(kind).get(FILES + "?" + query);

        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(json(response).get("type").toString()).endsWith("/malformed-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a=b", "limit=7", "after=1.2." + ID, "limit=7&after=1.2." + ID})
    @DisplayName("is given with every other")
    void right(String query) {
        assertThat(FilePage.read(query)).isInstanceOf(Reading.Understood.class);
    }
}
