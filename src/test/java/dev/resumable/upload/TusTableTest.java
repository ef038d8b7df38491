// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.TusClient.BYTES;
import static dev.resumable.upload.TusClient.base64;
import static dev.resumable.upload.TusRow.AT_10;
import static dev.resumable.upload.TusRow.FIRST;
import static dev.resumable.upload.TusRow.NONE;
import static dev.resumable.upload.TusRow.REST;
import static dev.resumable.upload.TusRow.TUS;
import static dev.resumable.upload.TusRow.row;

import dev.resumable.testing.ContainerKind;
import dev.resumable.upload.TusRow.Target;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What single requests of tus are answered, row by row. */
class TusTableTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "1MiB", "max-open-uploads", "1000"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    static Stream<TusRow> core() {
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

    static Stream<TusRow> version() {
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

    static Stream<TusRow> override() {
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

    static Stream<TusRow> checksum() {
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

    static Stream<TusRow> termination() {
        String s = "tus 1.0.0, termination";
        return Stream.of(
                row(s, "DELETE", Target.UPLOAD, List.of(TUS), NONE, 204, TUS),
                row(s, "DELETE", Target.COMPLETE, List.of(TUS), NONE, 204),
                row(s, "DELETE", Target.PARTIAL, List.of(TUS), NONE, 204),
                row(s, "DELETE", Target.FINAL, List.of(TUS), NONE, 204),
                row(s, "DELETE", Target.NOTHING, List.of(TUS), NONE, 404));
    }

    static Stream<Arguments> rows() {
        return Rows.onAllContainers(Stream.of(core(), version(), override(), checksum(), termination()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, TusRow row) throws IOException {
        row.check(TusClient.on(servers, kind));
    }

    private static String digest(String algorithm) {
        try {
            return base64(java.security.MessageDigest.getInstance(algorithm).digest(REST));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
