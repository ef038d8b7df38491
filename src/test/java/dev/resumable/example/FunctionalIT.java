// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.resumable.testing.Bytes;
import dev.resumable.testing.ExecutableWar;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a user of the example can do, told by its requests. */
@Timeout(120)
@DisplayName("a user of the example")
final class FunctionalIT {
    @TempDir
    static Path directory;

    private static ExecutableWar war;
    private static RequestSpecification example;

    @BeforeAll
    static void start() throws IOException {
        Path files = Files.createDirectories(directory.resolve("files/music"));
        Files.writeString(directory.resolve("files/notes.txt"), "Grüße\n");
        ExampleWar.writePattern(files.resolve("song & dance.wav"), 50_000);
        war = ExecutableWar.start(ExampleWar.path(), directory.resolve("files"));
        example = new RequestSpecBuilder()
                .setBaseUri(war.baseUri())
                .setUrlEncodingEnabled(false)
                .build();
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    private static RequestSpecification user() {
        return given().spec(example);
    }

    @Test
    @DisplayName("opens the first page and follows every link of it")
    void firstPage() {
        String page = user().get("/")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .extract()
                .asString();

        assertThat(page).contains("name=\"viewport\"");
        String[] links = page.split("<a href=\"");
        assertThat(links.length).isGreaterThan(8);
        Arrays.stream(links)
                .skip(1)
                .map(link -> link.substring(0, link.indexOf('"')))
                // Behind that one there is nothing unless the example was told of a server.
                .forEach(link -> user().head("/" + link).then().statusCode(link.equals("proxy/") ? 404 : 200));
    }

    @Test
    @DisplayName("downloads an answer whose length nobody knew, with length and tag")
    void downloads() {
        byte[] body = user().get("/demo/bytes/123456")
                .then()
                .statusCode(200)
                .header("Content-Length", "123456")
                .header("Accept-Ranges", "bytes")
                .header("ETag", startsWith("\""))
                .extract()
                .asByteArray();

        assertThat(body).isEqualTo(Bytes.pattern(123_456));
    }

    @Test
    @DisplayName("resumes it, and is told if it has changed meanwhile")
    void resumes() {
        String tag = user().head("/demo/bytes/123456").header("ETag");

        byte[] rest = user().header("Range", "bytes=100000-")
                .header("If-Range", tag)
                .get("/demo/bytes/123456")
                .then()
                .statusCode(206)
                .header("Content-Range", "bytes 100000-123455/123456")
                .header("ETag", tag)
                .extract()
                .asByteArray();
        assertThat(rest).isEqualTo(Bytes.slice(100_000, 23_456));

        user().header("Range", "bytes=100000-")
                .header("If-Range", "\"of-yesterday\"")
                .get("/demo/bytes/123456")
                .then()
                .statusCode(200)
                .header("Content-Length", "123456");
    }

    @Test
    @DisplayName("revalidates a copy without downloading it again")
    void revalidates() {
        for (String path : new String[] {"/demo/text", "/demo/async/5000", "/static/style.css", "/files/notes.txt"}) {
            String tag = user().get(path).then().statusCode(200).extract().header("ETag");
            user().header("If-None-Match", tag)
                    .get(path)
                    .then()
                    .statusCode(304)
                    .header("ETag", tag)
                    .body(is(emptyString()));
        }
    }

    @Test
    @DisplayName("seeks in a sound, as a player does: the head, the end, the middle")
    void seeks() {
        String song = "/files/music/song%20&%20dance.wav";
        Response open = user().header("Range", "bytes=0-").get(song);
        assertThat(open.statusCode()).isEqualTo(206);
        assertThat(open.header("Content-Range")).isEqualTo("bytes 0-49999/50000");
        assertThat(open.contentType()).isIn("audio/wav", "audio/x-wav", "audio/vnd.wave");
        assertThat(user().header("Range", "bytes=-100").get(song).asByteArray()).isEqualTo(Bytes.slice(49_900, 100));
        assertThat(user().header("Range", "bytes=25000-25099").get(song).asByteArray())
                .isEqualTo(Bytes.slice(25_000, 100));
        user().header("Range", "bytes=50000-")
                .get(song)
                .then()
                .statusCode(416)
                .header("Content-Range", "bytes */50000");
    }

    @Test
    @DisplayName("reads a listing as a page, or as JSON")
    void listing() {
        user().accept("application/json")
                .get("/files/")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .header("Vary", equalTo("Accept"))
                .body("path", equalTo("/"))
                .body("entries.name", hasItems("notes.txt", "music"))
                .body("entries.find { it.name == 'notes.txt' }.size", equalTo(8))
                .body("entries.find { it.name == 'notes.txt' }.modified", endsWith("Z"))
                .body("entries.find { it.name == 'music' }.type", equalTo("directory"))
                .body("entries.find { it.name == 'music' }.size", nullValue());
        user().accept("text/html").get("/files/music/").then().statusCode(200).contentType("text/html");
        user().redirects()
                .follow(false)
                .get("/files/music")
                .then()
                .statusCode(302)
                .header("Location", "./music/");
        user().get("/files/missing.txt").then().statusCode(404);
    }

    @Test
    @DisplayName("saves a file under its own name")
    void saves() {
        user().get("/files/music/song%20&%20dance.wav?download")
                .then()
                .statusCode(200)
                .header("Content-Disposition", startsWith("attachment;"))
                .header("Content-Disposition", containsString("song"));
        user().get("/files/notes.txt").then().header("Content-Disposition", nullValue());
    }

    @Test
    @DisplayName("reads text in pieces that are cut inside of characters, and gets the text")
    void text() {
        byte[] whole = user().get("/demo/text").asByteArray();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int first = 0; first < whole.length; first += 1_000_003) {
            joined.writeBytes(user().header("Range", "bytes=" + first + "-" + (first + 1_000_002))
                    .get("/demo/text")
                    .then()
                    .statusCode(206)
                    .extract()
                    .asByteArray());
        }
        assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo(new String(whole, StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("asks for a digest of the whole, also with a part (RFC 9530 §2, §3)")
    void digest() throws Exception {
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Bytes.pattern(5_000));
        user().header("Want-Repr-Digest", "sha-256=1")
                .header("Range", "bytes=0-9")
                .get("/demo/bytes/5000")
                .then()
                .statusCode(206)
                .header("Repr-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":")
                .header("Content-Range", notNullValue());
    }
}
