// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import dev.resumable.http.DigestFields;
import dev.resumable.testing.ExecutableWar;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page of the example does with a file, told by its requests; the owner is named as by a front server. */
@Timeout(120)
@DisplayName("the uploads of the example")
final class UploadsIT {
    private static final int PART = 300_000;

    @TempDir
    static Path directory;

    private static ExecutableWar war;

    @BeforeAll
    static void start() throws IOException {
        war = ExecutableWar.start(
                ExampleWar.path(), Files.createDirectory(directory.resolve("files")), "--owner-field", "X-Owner");
    }

    @AfterAll
    static void stop() {
        war.close();
    }

    private static RequestSpecification as(String owner) {
        return given().spec(new RequestSpecBuilder()
                        .setBaseUri(war.baseUri())
                        .setUrlEncodingEnabled(false)
                        .build())
                // To a POST without a body it adds the type of a form.
                .header("X-Requested-With", "REST Assured")
                .header("X-Owner", owner);
    }

    private static ValidatableResponse create(String owner, byte[] content) throws Exception {
        String document = """
                {"fileName": "Größe & more.bin", "size": %d, "sha256": "%s", "partSize": %d}""".formatted(content.length, HexFormat.of().formatHex(sha256(content)), PART);
        return as(owner)
                .contentType("application/json")
                .body(document)
                .post("/uploads/")
                .then();
    }

    private static Response put(String owner, String upload, int number, byte[] content) throws Exception {
        byte[] part = Arrays.copyOfRange(content, (number - 1) * PART, Math.min(content.length, number * PART));
        return as(owner)
                .header("Content-Digest", DigestFields.sha256(sha256(part)))
                .contentType("application/octet-stream")
                .body(part)
                .put(upload + "/parts/" + number);
    }

    /** Uploads all and gives where the file is. */
    private static String store(String owner, byte[] content) throws Exception {
        String upload = create(owner, content).statusCode(201).extract().header("Location");
        for (int number : parts(content)) {
            put(owner, upload, number, content).then().statusCode(200);
        }
        return as(owner)
                .post(upload + "/complete")
                .then()
                .statusCode(201)
                .extract()
                .path("file.href");
    }

    private static int[] parts(byte[] content) {
        return IntStream.rangeClosed(1, (content.length + PART - 1) / PART).toArray();
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static byte[] content(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    @DisplayName("are offered by the page, with its script")
    void page() {
        as("reader").get("/").then().statusCode(200).body(containsString("static/upload.js"));
        as("reader")
                .get("/static/upload.js")
                .then()
                .statusCode(200)
                .contentType(containsString("javascript"))
                .body(containsString("Content-Digest"));
    }

    @Test
    @DisplayName("take parts side by side, go on after a reload, and end in a file that is downloaded by range")
    void uploadReloadDownload() throws Exception {
        byte[] content = content(1, 5 * PART + 17);
        ValidatableResponse created = create("alice", content).statusCode(201).body("partCount", is(6));
        String upload = created.extract().header("Location");
        ExecutorService browser = Executors.newFixedThreadPool(3);
        for (Future<Response> answer : browser.invokeAll(Stream.of(2, 5, 1)
                .<Callable<Response>>map(number -> () -> put("alice", upload, number, content))
                .toList())) {
            answer.get().then().statusCode(200);
        }
        browser.shutdown();

        // The page is loaded again: the hash of the file leads to what is there.
        create("alice", content)
                .statusCode(200)
                .header("Location", upload)
                .body("missing", equalTo(List.of(3, 4, 6)))
                .body("received", hasSize(3));
        as("alice").post(upload + "/complete").then().statusCode(409).body("missing", equalTo(List.of(3, 4, 6)));
        for (int number : List.of(3, 4, 6)) {
            put("alice", upload, number, content).then().statusCode(200);
        }
        String href = as("alice")
                .post(upload + "/complete")
                .then()
                .statusCode(201)
                .body("file.sha256", equalTo(HexFormat.of().formatHex(sha256(content))))
                .extract()
                .path("file.href");

        Response whole = as("alice").get(href);
        whole.then()
                .statusCode(200)
                .header("Accept-Ranges", "bytes")
                .header("Content-Disposition", startsWith("attachment;"))
                .header("X-Content-Type-Options", "nosniff");
        assertThat(whole.asByteArray()).isEqualTo(content);
        byte[] rest = as("alice")
                .header("Range", "bytes=1000000-")
                .header("If-Range", whole.header("ETag"))
                .get(href)
                .then()
                .statusCode(206)
                .extract()
                .asByteArray();
        assertThat(rest).isEqualTo(Arrays.copyOfRange(content, 1_000_000, content.length));
    }

    @Test
    @DisplayName("are instant for the owner of the same bytes, and for nobody else")
    void instant() throws Exception {
        byte[] content = content(2, 2 * PART);
        String href = store("bob", content);

        create("bob", content).statusCode(200).body("status", is("stored")).body("file.href", is(href));
        create("carol", content).statusCode(201).body("received", empty());
        as("carol").get(href).then().statusCode(404);
        as("carol").get("/uploads/files/").then().statusCode(200).body("files", empty());
    }

    @Test
    @DisplayName("share the bytes of equal files, until the last of them is deleted")
    void shared() throws Exception {
        byte[] content = content(3, PART + 1);
        String ofDora = store("dora", content);
        String ofEmil = store("emil", content);

        as("dora").delete(ofDora).then().statusCode(204);
        as("dora").get(ofDora).then().statusCode(404);
        assertThat(as("emil").get(ofEmil).asByteArray()).isEqualTo(content);
        as("emil").delete(ofEmil).then().statusCode(204);
        as("emil").get("/uploads/files/").then().body("files", empty());
    }

    @Test
    @DisplayName("are beside --dir, and there again after a kill")
    void survives() throws Exception {
        byte[] finished = content(4, PART);
        byte[] unfinished = content(5, 2 * PART);
        String href = store("fay", finished);
        String upload = create("fay", unfinished).statusCode(201).extract().header("Location");
        put("fay", upload, 2, unfinished).then().statusCode(200);

        war.kill9();
        war.restart();

        assertThat(directory.resolve("files-data")).isDirectory();
        assertThat(as("fay").get(href).asByteArray()).isEqualTo(finished);
        as("fay").get("/uploads/files/").then().body("files", hasSize(1)).body("files[0].href", is(href));
        create("fay", unfinished).statusCode(200).body("missing", equalTo(List.of(1)));
        put("fay", upload, 1, unfinished).then().statusCode(200);
        as("fay").post(upload + "/complete").then().statusCode(201);
    }
}
