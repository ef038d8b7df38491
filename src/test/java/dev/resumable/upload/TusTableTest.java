// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.TusClient.BYTES;
import static dev.resumable.upload.TusClient.base64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What single requests of tus are answered, row by row, and that those which are refused change nothing. */
class TusTableTest {

    private static final byte[] FIRST = bytes(1, 10);
    private static final byte[] REST = bytes(2, 90);
    private static final String UNKNOWN = "/app/uploads/AAAAAAAAAAAAAAAAAAAAAAAA";

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "1MiB", "max-open-uploads", "1000"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    /** What a request is sent to. */
    private enum Target {
        CREATION,
        /** 10 of 100 bytes are there. */
        UPLOAD,
        /** 10 bytes are there, the length is not known. */
        DEFERRED,
        COMPLETE,
        PARTIAL,
        FINAL,
        NOTHING;

        String make(TusClient client) throws IOException {
            return switch (this) {
                case CREATION -> client.base() + "/";
                case UPLOAD -> begun(client, client.create(100));
                case DEFERRED -> begun(client, client.create("Upload-Defer-Length: 1"));
                case COMPLETE -> client.stored(FIRST);
                case PARTIAL -> client.partial(FIRST);
                case FINAL -> client.joined(client.partial(FIRST));
                case NOTHING -> UNKNOWN;
            };
        }

        private static String begun(TusClient client, String upload) throws IOException {
            client.patch(upload, 0, FIRST);
            return upload;
        }
    }

    /** One row: a request, and what its answer must have; a line such as {@code -Upload-Offset} must not be there. */
    private record Row(
            String section,
            String method,
            Target target,
            List<String> lines,
            byte[] body,
            int status,
            String... fields) {
        @Override
        public String toString() {
            return section + ": " + method + " " + target + " " + lines + " -> " + status;
        }
    }

    private static Row row(
            String section,
            String method,
            Target target,
            List<String> lines,
            byte[] body,
            int status,
            String... fields) {
        return new Row(section, method, target, lines, body, status, fields);
    }

    private static final byte[] NONE = {};
    private static final String TUS = "Tus-Resumable: 1.0.0";
    private static final String AT_10 = "Upload-Offset: 10";

    static Stream<Row> core() {
        String s = "tus 1.0.0, core protocol";
        return Stream.of(
                row(s, "HEAD", Target.UPLOAD, List.of(TUS), NONE, 200, AT_10, "Upload-Length: 100"),
                row(s, "HEAD", Target.UPLOAD, List.of(TUS), NONE, 200, "Cache-Control: no-store", "-Upload-Metadata"),
                row(s, "HEAD", Target.COMPLETE, List.of(TUS), NONE, 200, AT_10, "Upload-Length: 10", "-Upload-Expires"),
                row(s, "HEAD", Target.NOTHING, List.of(TUS), NONE, 404, "-Upload-Offset"),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10), REST, 204, "Upload-Offset: 100"),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10), FIRST, 204, "Upload-Offset: 20"),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10), NONE, 204, AT_10),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, "Upload-Offset: 9"), REST, 409),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, "Upload-Offset: 11"), FIRST, 409),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, "Upload-Offset: -1"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, "Upload-Offset: +10"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, "Upload-Offset: ten"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, "Upload-Offset: 99999999999999999999"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, AT_10), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, AT_10), REST, 415),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, AT_10, "Content-Type: text/plain"), REST, 415),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10), bytes(3, 91), 413),
                row(s, "PATCH", Target.NOTHING, List.of(TUS, BYTES, AT_10), REST, 404),
                row(s, "PATCH", Target.COMPLETE, List.of(TUS, BYTES, AT_10), NONE, 204, AT_10),
                row(s, "PATCH", Target.COMPLETE, List.of(TUS, BYTES, AT_10), REST, 413),
                row(s, "PATCH", Target.COMPLETE, List.of(TUS, BYTES, "Upload-Offset: 0"), FIRST, 409),
                row(s, "PUT", Target.UPLOAD, List.of(TUS), REST, 405, "Allow: DELETE, HEAD, OPTIONS, PATCH"),
                row(s, "DELETE", Target.CREATION, List.of(TUS), NONE, 405, "Allow: OPTIONS, POST"));
    }

    static Stream<Row> version() {
        String s = "tus 1.0.0, Tus-Resumable and Tus-Version";
        String version = "Tus-Version: 1.0.0";
        return Stream.of(
                row(s, "POST", Target.CREATION, List.of("Upload-Length: 5"), NONE, 412, version, TUS),
                row(s, "POST", Target.CREATION, List.of("Upload-Defer-Length: 1"), NONE, 412, version),
                row(s, "POST", Target.CREATION, List.of("Upload-Concat: partial"), NONE, 412, version),
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of("Tus-Resumable: 0.2.2", "Upload-Length: 5"),
                        NONE,
                        412,
                        version),
                row(s, "POST", Target.CREATION, List.of(TUS, TUS, "Upload-Length: 5"), NONE, 412, version),
                row(s, "HEAD", Target.UPLOAD, List.of("Tus-Resumable: 2.0.0"), NONE, 412, version, "-Upload-Offset"),
                row(s, "HEAD", Target.UPLOAD, List.of(), NONE, 412, version, TUS, "-Upload-Offset"),
                row(s, "PATCH", Target.UPLOAD, List.of(BYTES, AT_10), REST, 412, version, TUS),
                row(s, "PATCH", Target.UPLOAD, List.of(AT_10), REST, 412, version),
                row(s, "PATCH", Target.UPLOAD, List.of(), REST, 412, version, TUS),
                row(s, "DELETE", Target.UPLOAD, List.of(), NONE, 412, version, TUS),
                row(s, "DELETE", Target.UPLOAD, List.of("Tus-Resumable: 1.0"), NONE, 412, version),
                row(s, "OPTIONS", Target.CREATION, List.of(), NONE, 204, version),
                row(s, "OPTIONS", Target.CREATION, List.of("Tus-Resumable: 0.2.2"), NONE, 204, version),
                row(s, "OPTIONS", Target.UPLOAD, List.of(), NONE, 204, version, "Tus-Max-Size: 1048576"));
    }

    static Stream<Row> override() {
        String s = "tus 1.0.0, HTTP method override";
        String as = "X-HTTP-Method-Override: ";
        return Stream.of(
                row(
                        s,
                        "POST",
                        Target.UPLOAD,
                        List.of(TUS, BYTES, AT_10, as + "PATCH"),
                        REST,
                        204,
                        "Upload-Offset: 100"),
                row(s, "POST", Target.UPLOAD, List.of(TUS, as + "HEAD"), NONE, 200, AT_10),
                row(s, "POST", Target.NOTHING, List.of(TUS, as + "HEAD"), NONE, 404, "-Upload-Offset"),
                row(s, "POST", Target.UPLOAD, List.of(TUS, as + "DELETE"), NONE, 204),
                row(s, "POST", Target.UPLOAD, List.of(as + "DELETE"), NONE, 412),
                row(s, "GET", Target.UPLOAD, List.of(TUS, as + "DELETE"), NONE, 204));
    }

    static Stream<Row> creation() {
        String s = "tus 1.0.0, creation";
        String five = "Upload-Length: 5";
        List<Row> rows = new ArrayList<>(List.of(
                row(s, "POST", Target.CREATION, List.of(TUS, five), NONE, 201, TUS, "-Upload-Offset"),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Length: 0"), NONE, 201, "-Upload-Expires"),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Defer-Length: 1"), NONE, 201),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Length: 1048576"), NONE, 201),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Length: 1048577"), NONE, 413),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Length: 9223372036854775807"), NONE, 413),
                row(s, "POST", Target.CREATION, List.of(TUS), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, five, five), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, five, "Upload-Defer-Length: 1"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Defer-Length: 2"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Defer-Length: true"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, five, "Content-Type: text/plain"), bytes(1, 5), 415),
                row(s, "POST", Target.CREATION, List.of(TUS, five), bytes(1, 5), 415)));
        for (String length : List.of("-1", "+5", "5.0", "0x5", "five", "5,5", "9223372036854775808", "9".repeat(40))) {
            rows.add(row(s, "POST", Target.CREATION, List.of(TUS, "Upload-Length: " + length), NONE, 400));
        }
        for (String metadata : List.of("a " + base64("b"), "a", "a ", "", "a,b", "a " + base64("") + ", b QUI=")) {
            rows.add(row(s, "POST", Target.CREATION, List.of(TUS, five, "Upload-Metadata: " + metadata), NONE, 201));
        }
        for (String metadata : List.of("a b", "a b=c", "a QUI=,a QUI=", "a,a", ",", "a,,b", "a QUI= b", "a QUI")) {
            rows.add(row(s, "POST", Target.CREATION, List.of(TUS, five, "Upload-Metadata: " + metadata), NONE, 400));
        }
        rows.add(row(
                s, "POST", Target.CREATION, List.of(TUS, five, "Upload-Metadata: a", "Upload-Metadata: a"), NONE, 400));
        return rows.stream();
    }

    static Stream<Row> creationWithUpload() {
        String s = "tus 1.0.0, creation-with-upload";
        return Stream.of(
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of(TUS, BYTES, "Upload-Length: 90"),
                        REST,
                        201,
                        "Upload-Offset: 90"),
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of(TUS, BYTES, "Upload-Length: 91"),
                        REST,
                        201,
                        "Upload-Offset: 90"),
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of(TUS, BYTES, "Upload-Length: 91"),
                        NONE,
                        201,
                        "Upload-Offset: 0"),
                row(s, "POST", Target.CREATION, List.of(TUS, BYTES, "Upload-Length: 0"), NONE, 201, "Upload-Offset: 0"),
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of(TUS, BYTES, "Upload-Defer-Length: 1"),
                        REST,
                        201,
                        "Upload-Offset: 90"),
                row(s, "POST", Target.CREATION, List.of(TUS, BYTES, "Upload-Length: 89"), REST, 413, "-Location"),
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of(TUS, BYTES, "Upload-Length: 90", "Upload-Checksum: md5 AAAA"),
                        REST,
                        460,
                        "-Location"),
                row(
                        s,
                        "POST",
                        Target.CREATION,
                        List.of(TUS, BYTES, "Upload-Length: 90", "Upload-Checksum: crc32 AAAA"),
                        REST,
                        400),
                row(s, "POST", Target.CREATION, List.of(BYTES, "Upload-Length: 90"), REST, 412));
    }

    static Stream<Row> deferred() {
        String s = "tus 1.0.0, creation-defer-length";
        return Stream.of(
                row(
                        s,
                        "HEAD",
                        Target.DEFERRED,
                        List.of(TUS),
                        NONE,
                        200,
                        AT_10,
                        "Upload-Defer-Length: 1",
                        "-Upload-Length"),
                row(s, "PATCH", Target.DEFERRED, List.of(TUS, BYTES, AT_10), REST, 204, "Upload-Offset: 100"),
                row(s, "PATCH", Target.DEFERRED, List.of(TUS, BYTES, AT_10, "Upload-Length: 100"), REST, 204),
                row(
                        s,
                        "PATCH",
                        Target.DEFERRED,
                        List.of(TUS, BYTES, AT_10, "Upload-Length: 10"),
                        NONE,
                        204,
                        "-Upload-Expires"),
                row(s, "PATCH", Target.DEFERRED, List.of(TUS, BYTES, AT_10, "Upload-Length: 9"), NONE, 400),
                row(s, "PATCH", Target.DEFERRED, List.of(TUS, BYTES, AT_10, "Upload-Length: 99"), REST, 413),
                row(s, "PATCH", Target.DEFERRED, List.of(TUS, BYTES, AT_10, "Upload-Length: x"), REST, 400),
                row(s, "PATCH", Target.DEFERRED, List.of(TUS, BYTES, AT_10, "Upload-Length: 1048577"), REST, 413),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, "Upload-Length: 100"), REST, 204),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, "Upload-Length: 101"), REST, 400));
    }

    static Stream<Row> checksum() {
        String s = "tus 1.0.0, checksum";
        String field = "Upload-Checksum: ";
        return Stream.of(
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(TUS, BYTES, AT_10, field + "sha1 " + digest("SHA-1")),
                        REST,
                        204),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, field + "md5 " + digest("MD5")), REST, 204),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(TUS, BYTES, AT_10, field + "sha256 " + digest("SHA-256")),
                        REST,
                        204),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(TUS, BYTES, AT_10, field + "sha512 " + digest("SHA-512")),
                        REST,
                        204),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(TUS, BYTES, AT_10, field + "sha1 " + digest("SHA-256")),
                        REST,
                        460),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, field + "md5 " + digest("MD5")), FIRST, 460),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, field + "sha1"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, field + "sha1 ***"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, field + "crc32 AAAA"), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, field), REST, 400),
                row(s, "PATCH", Target.UPLOAD, List.of(TUS, BYTES, AT_10, "Trailer: Upload-Checksum"), REST, 400));
    }

    static Stream<Row> concatenation() {
        String s = "tus 1.0.0, concatenation";
        String concat = "Upload-Concat: ";
        return Stream.of(
                row(s, "HEAD", Target.PARTIAL, List.of(TUS), NONE, 200, concat + "partial", AT_10),
                row(s, "HEAD", Target.FINAL, List.of(TUS), NONE, 200, AT_10, "Upload-Length: 10"),
                row(s, "PATCH", Target.FINAL, List.of(TUS, BYTES, AT_10), NONE, 403),
                row(s, "PATCH", Target.FINAL, List.of(TUS, BYTES, "Upload-Offset: 0"), REST, 403),
                row(s, "PATCH", Target.PARTIAL, List.of(TUS, BYTES, AT_10), FIRST, 413),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "foo"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "foo", "Upload-Length: 5"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "partial"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "final"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "final;"), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "final;" + UNKNOWN), NONE, 400),
                row(s, "POST", Target.CREATION, List.of(TUS, concat + "final;/etc/passwd"), NONE, 400));
    }

    static Stream<Row> termination() {
        String s = "tus 1.0.0, termination";
        return Stream.of(
                row(s, "DELETE", Target.UPLOAD, List.of(TUS), NONE, 204, TUS),
                row(s, "DELETE", Target.COMPLETE, List.of(TUS), NONE, 204),
                row(s, "DELETE", Target.PARTIAL, List.of(TUS), NONE, 204),
                row(s, "DELETE", Target.FINAL, List.of(TUS), NONE, 204),
                row(s, "DELETE", Target.NOTHING, List.of(TUS), NONE, 404));
    }

    static Stream<Arguments> rows() {
        List<Row> rows = Stream.of(
                        core(),
                        version(),
                        override(),
                        creation(),
                        creationWithUpload(),
                        deferred(),
                        checksum(),
                        concatenation(),
                        termination())
                .flatMap(part -> part)
                .toList();
        return ContainerKind.running().stream().flatMap(kind -> rows.stream().map(row -> Arguments.of(kind, row)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, Row row) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        String path = row.target().make(client);
        String before = client.head(path).head().raw();

        RawRequest request = client.bare(row.method(), path, row.lines().toArray(String[]::new));
        boolean hasBody =
                row.body().length > 0 || !List.of("HEAD", "GET", "OPTIONS").contains(row.method());
        RawResponse response = client.exchange(hasBody ? request.withBody(row.body()) : request);

        assertThat(response.status()).as(response.toString()).isEqualTo(row.status());
        assertFields(response, row.fields());
        if (!row.method().equals("OPTIONS")) {
            assertFields(response, TUS);
        }
        if (row.status() == 201) {
            assertThat(response.field("Location")).isPresent();
        }
        if (row.status() >= 400 && row.target() != Target.DEFERRED) {
            assertThat(lasting(client.head(path).head().raw()))
                    .as("what is refused changes nothing")
                    .isEqualTo(lasting(before));
        }
        if (row.status() == 204
                && row.target() != Target.CREATION
                && !row.method().equals("OPTIONS")) {
            boolean removed =
                    row.section().contains("termination") || row.lines().contains("X-HTTP-Method-Override: DELETE");
            assertThat(client.head(path).status()).isEqualTo(removed ? 404 : 200);
        }
    }

    static void assertFields(RawResponse response, String... lines) {
        for (String line : lines) {
            String name = line.startsWith("-") ? line.substring(1) : line.substring(0, line.indexOf(':'));
            if (line.startsWith("-")) {
                assertThat(response.fields(name)).as(name).isEmpty();
            } else {
                assertThat(response.fields(name)).as(name).containsExactly(line.substring(name.length() + 2));
            }
        }
    }

    /** A head without the lines that depend on the time. */
    static String lasting(String head) {
        return head.lines()
                .filter(line -> !line.startsWith("Date:")
                        && !line.startsWith("Upload-Expires:")
                        && !line.startsWith("Upload-Limit:"))
                .toList()
                .toString();
    }

    private static String digest(String algorithm) {
        try {
            return base64(java.security.MessageDigest.getInstance(algorithm).digest(REST));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
