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
import static dev.resumable.upload.TusRow.UNKNOWN;
import static dev.resumable.upload.TusRow.row;

import dev.resumable.testing.ContainerKind;
import dev.resumable.upload.TusRow.Target;
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

/** What single requests of tus are answered that create uploads, or are about extensions of creation, row by row. */
class TusCreationTableTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "1MiB", "max-open-uploads", "1000"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    static Stream<TusRow> creation() {
        String s = "tus 1.0.0, creation";
        String five = "Upload-Length: 5";
        List<TusRow> rows = new ArrayList<>(List.of(
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

    static Stream<TusRow> creationWithUpload() {
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

    static Stream<TusRow> deferred() {
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

    static Stream<TusRow> concatenation() {
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

    static Stream<Arguments> rows() {
        return Rows.onAllContainers(Stream.of(creation(), creationWithUpload(), deferred(), concatenation()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, TusRow row) throws IOException {
        row.check(TusClient.on(servers, kind));
    }
}
