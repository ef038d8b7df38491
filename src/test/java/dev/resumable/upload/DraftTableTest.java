// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.DraftClient.BYTES;
import static dev.resumable.upload.DraftRow.AT_0;
import static dev.resumable.upload.DraftRow.AT_10;
import static dev.resumable.upload.DraftRow.AT_100;
import static dev.resumable.upload.DraftRow.FIRST;
import static dev.resumable.upload.DraftRow.INCONSISTENT;
import static dev.resumable.upload.DraftRow.LAST;
import static dev.resumable.upload.DraftRow.LENGTH_100;
import static dev.resumable.upload.DraftRow.LIMIT;
import static dev.resumable.upload.DraftRow.MORE;
import static dev.resumable.upload.DraftRow.NONE;
import static dev.resumable.upload.DraftRow.REST;
import static dev.resumable.upload.DraftRow.V3;
import static dev.resumable.upload.DraftRow.V5;
import static dev.resumable.upload.DraftRow.V6;
import static dev.resumable.upload.DraftRow.V8;
import static dev.resumable.upload.DraftRow.row;
import static dev.resumable.upload.PartsClient.bytes;

import dev.resumable.testing.ContainerKind;
import dev.resumable.upload.DraftRow.Target;
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

/** What single requests of the IETF draft are answered, row by row. */
class DraftTableTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "4KiB", "max-open-uploads", "10000", "expiry", "1h"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    static Stream<DraftRow> creation() {
        String s = "draft-11 §4.2, upload creation";
        List<DraftRow> rows = new ArrayList<>(List.of(
                row(s, "POST", Target.CREATION, List.of(V8, MORE), NONE, 201, MORE, AT_0, LIMIT),
                row(s, "POST", Target.CREATION, List.of(MORE), NONE, 201, MORE, AT_0, LIMIT),
                row(s, "PUT", Target.CREATION, List.of(V8, MORE), NONE, 201, MORE, AT_0, LIMIT),
                row(s, "PATCH", Target.CREATION, List.of(V8, MORE), FIRST, 201, MORE, AT_10, LIMIT),
                row(s, "POST", Target.CREATION, List.of(V8, MORE), FIRST, 201, MORE, AT_10),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, LENGTH_100), FIRST, 201, MORE, AT_10),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, "Upload-Length: 10"), FIRST, 201, MORE, AT_10),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, "Content-Type: text/plain"), FIRST, 201, MORE),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, "Content-Type: application/json"), FIRST, 201, MORE),
                row(s, "POST", Target.CREATION, List.of(V8, LAST), FIRST, 201, LAST, AT_10),
                row(s, "POST", Target.CREATION, List.of(LAST), FIRST, 201, LAST, AT_10),
                row(s, "PUT", Target.CREATION, List.of(V8, LAST, "Upload-Length: 10"), FIRST, 201, LAST),
                row(s, "POST", Target.CREATION, List.of(V8, LAST), NONE, 201, LAST, AT_0),
                row(s, "POST", Target.CREATION, List.of(V8, LAST + ";q=1"), NONE, 201, LAST, AT_0),
                row(s, "POST", Target.CREATION, List.of(V8), FIRST, 400, "-Location"),
                row(s, "GET", Target.CREATION, List.of(V8, LAST), NONE, 405)));
        for (String other : List.of("true", "1", "?2", "\"?1\"", "?1, ?1", "", "?T", "1.0", "(?1)")) {
            rows.add(
                    row(s, "POST", Target.CREATION, List.of(V8, "Upload-Complete: " + other), FIRST, 400, "-Location"));
        }
        return rows.stream();
    }

    static Stream<DraftRow> length() {
        String s = "draft-11 §4.1.3, length";
        String length = "Upload-Length: ";
        List<DraftRow> rows = new ArrayList<>(List.of(
                row(s, "POST", Target.CREATION, List.of(V8, LAST, length + 9), FIRST, 400, INCONSISTENT, MORE),
                row(s, "POST", Target.CREATION, List.of(V8, LAST, length + 11), FIRST, 400, INCONSISTENT, MORE),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, length + 9), FIRST, 400, INCONSISTENT, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, LAST), FIRST, 400, INCONSISTENT, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, LAST), bytes(3, 91), 400, INCONSISTENT),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, LAST), NONE, 400, INCONSISTENT),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE, length + 99), FIRST, 400, INCONSISTENT),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE, LENGTH_100), FIRST, 204, MORE),
                row(s, "PATCH", Target.OF_NO_LENGTH, List.of(V8, BYTES, AT_10, MORE, LENGTH_100), REST, 204, AT_100),
                row(s, "PATCH", Target.OF_NO_LENGTH, List.of(V8, BYTES, AT_10, MORE, length + 9), NONE, 400),
                row(s, "PATCH", Target.OF_NO_LENGTH, List.of(V8, BYTES, AT_10, LAST, length + 99), REST, 400),
                // Full, and yet not complete: "the upload can still be incomplete".
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE), REST, 204, AT_100, MORE),
                row(s, "HEAD", Target.FULL, List.of(V8), NONE, 204, AT_10, MORE, "Upload-Length: 10"),
                row(s, "PATCH", Target.FULL, List.of(V8, BYTES, AT_10, MORE), NONE, 204, AT_10, MORE),
                row(s, "PATCH", Target.FULL, List.of(V8, BYTES, AT_10, LAST), NONE, 201, AT_10, LAST)));
        for (String ignored : List.of("-1", "1.0", "ten", "\"10\"", "?1", "99999999999999999999", "9, 9")) {
            rows.add(row(s, "POST", Target.CREATION, List.of(V8, LAST, length + ignored), FIRST, 201, LAST));
        }
        return rows.stream();
    }

    static Stream<DraftRow> limits() {
        String s = "draft-11 §4.1.4, limits";
        return Stream.of(
                row(s, "OPTIONS", Target.CREATION, List.of(), NONE, 204, LIMIT, "Tus-Version: 1.0.0"),
                row(
                        s,
                        "OPTIONS",
                        Target.CREATION,
                        List.of(V8),
                        NONE,
                        204,
                        LIMIT,
                        "Accept-Patch: application/partial-upload"),
                row(s, "OPTIONS", Target.CREATION, List.of(V6), NONE, 204, "Upload-Limit: max-size=4096, expires=3600"),
                row(s, "OPTIONS", Target.UPLOAD, List.of(V8), NONE, 204, LIMIT),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, "Upload-Length: 4096"), NONE, 201, LIMIT),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, "Upload-Length: 4097"), NONE, 413, LIMIT, MORE),
                row(s, "POST", Target.CREATION, List.of(V8, LAST), new byte[4097], 413, LIMIT, MORE, "-Location"),
                row(s, "POST", Target.CREATION, List.of(V8, MORE), new byte[4097], 413, LIMIT, MORE, "-Location"),
                row(
                        s,
                        "PATCH",
                        Target.OF_NO_LENGTH,
                        List.of(V8, BYTES, AT_10, MORE),
                        new byte[4087],
                        413,
                        LIMIT,
                        AT_10),
                row(
                        s,
                        "PATCH",
                        Target.OF_NO_LENGTH,
                        List.of(V8, BYTES, AT_10, LAST),
                        new byte[4087],
                        413,
                        LIMIT,
                        MORE));
    }

    static Stream<DraftRow> offsetRetrieval() {
        String s = "draft-11 §4.3, offset retrieval";
        String noStore = "Cache-Control: no-store";
        return Stream.of(
                row(s, "HEAD", Target.UPLOAD, List.of(V8), NONE, 204, AT_10, MORE, LENGTH_100, LIMIT, noStore),
                row(s, "HEAD", Target.UPLOAD, List.of(), NONE, 204, AT_10, MORE, LENGTH_100, LIMIT, noStore),
                row(s, "HEAD", Target.OF_NO_LENGTH, List.of(V8), NONE, 204, AT_10, MORE, "-Upload-Length"),
                row(s, "HEAD", Target.COMPLETE, List.of(V8), NONE, 204, AT_10, LAST, "Upload-Length: 10"),
                row(s, "HEAD", Target.NOTHING, List.of(V8), NONE, 404, "-Upload-Offset", "-Upload-Complete"),
                row(s, "HEAD", Target.UPLOAD, List.of(V8, MORE), NONE, 204, AT_10),
                row(s, "GET", Target.UPLOAD, List.of(V8), NONE, 200, AT_10, MORE, LENGTH_100, noStore),
                row(s, "GET", Target.COMPLETE, List.of(), NONE, 200, AT_10, LAST),
                row(s, "HEAD", Target.OF_TUS, List.of(V8), NONE, 204, AT_10, MORE, LENGTH_100, "-Tus-Resumable"),
                row(s, "HEAD", Target.OF_PARTS, List.of(V8), NONE, 204, AT_0, MORE, LENGTH_100),
                row(s, "HEAD", Target.UPLOAD, List.of("Tus-Resumable: 1.0.0"), NONE, 200, AT_10, LENGTH_100));
    }

    static Stream<DraftRow> cancellation() {
        String s = "draft-11 §4.5, upload cancellation";
        String old = "draft-05 §7, upload cancellation";
        return Stream.of(
                row(s, "DELETE", Target.UPLOAD, List.of(V8), NONE, 204),
                row(s, "DELETE", Target.UPLOAD, List.of(), NONE, 204),
                row(s, "DELETE", Target.COMPLETE, List.of(V8), NONE, 204),
                row(s, "DELETE", Target.NOTHING, List.of(V8), NONE, 404),
                row(s, "DELETE", Target.OF_TUS, List.of(V8), NONE, 412, "Tus-Version: 1.0.0"),
                row(s, "DELETE", Target.OF_PARTS, List.of(V8), NONE, 409),
                row(s, "DELETE", Target.UPLOAD, List.of("Tus-Resumable: 1.0.0"), NONE, 409),
                row(old, "DELETE", Target.UPLOAD, List.of(V6, MORE), NONE, 400),
                row(old, "DELETE", Target.UPLOAD, List.of(V5, AT_10), NONE, 400),
                row(old, "DELETE", Target.UPLOAD, List.of(V3), NONE, 204));
    }

    static Stream<Arguments> rows() {
        return Rows.onAllContainers(Stream.of(creation(), length(), limits(), offsetRetrieval(), cancellation()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, DraftRow row) throws IOException {
        row.check(DraftClient.on(servers, kind));
    }
}
