// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.DraftClient.BYTES;
import static dev.resumable.upload.DraftRow.AT_0;
import static dev.resumable.upload.DraftRow.AT_10;
import static dev.resumable.upload.DraftRow.AT_100;
import static dev.resumable.upload.DraftRow.COMPLETED;
import static dev.resumable.upload.DraftRow.FIRST;
import static dev.resumable.upload.DraftRow.INCONSISTENT;
import static dev.resumable.upload.DraftRow.LAST;
import static dev.resumable.upload.DraftRow.LAST_3;
import static dev.resumable.upload.DraftRow.MISMATCH;
import static dev.resumable.upload.DraftRow.MORE;
import static dev.resumable.upload.DraftRow.NONE;
import static dev.resumable.upload.DraftRow.REST;
import static dev.resumable.upload.DraftRow.V3;
import static dev.resumable.upload.DraftRow.V5;
import static dev.resumable.upload.DraftRow.V6;
import static dev.resumable.upload.DraftRow.V8;
import static dev.resumable.upload.DraftRow.row;

import dev.resumable.http.DigestFields;
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

/** What single appends of the IETF draft are answered, row by row. */
class DraftAppendTableTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "4KiB", "max-open-uploads", "10000", "expiry", "1h"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    static Stream<DraftRow> append() {
        String s = "draft-11 §4.4, upload append";
        List<DraftRow> rows = new ArrayList<>(List.of(
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE), FIRST, 204, MORE, "Upload-Offset: 20"),
                row(s, "PATCH", Target.UPLOAD, List.of(BYTES, AT_10, MORE), FIRST, 204, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE), NONE, 204, MORE, AT_10),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, LAST), REST, 201, LAST, AT_100),
                row(s, "PATCH", Target.OF_NO_LENGTH, List.of(V8, BYTES, AT_10, LAST), REST, 201, LAST, AT_100),
                row(s, "PATCH", Target.OF_NO_LENGTH, List.of(V8, BYTES, AT_10, LAST), NONE, 201, LAST, AT_10),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_0, MORE), FIRST, 409, AT_10, MORE, MISMATCH),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(V8, BYTES, "Upload-Offset: 11", LAST),
                        REST,
                        409,
                        AT_10,
                        MORE,
                        MISMATCH),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, MORE), FIRST, 400, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10), FIRST, 400, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, AT_10, MORE), FIRST, 400),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(V8, AT_10, MORE),
                        FIRST,
                        415,
                        "Accept-Patch: application/partial-upload"),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, AT_10, MORE, "Content-Type: text/plain"), FIRST, 415),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(V8, AT_10, MORE, "Content-Type: application/offset+octet-stream"),
                        FIRST,
                        415),
                row(s, "PATCH", Target.UPLOAD, List.of(BYTES, AT_10), FIRST, 400, "-Tus-Resumable"),
                row(s, "PATCH", Target.UPLOAD, List.of(AT_10), FIRST, 415, "-Tus-Resumable"),
                row(s, "PATCH", Target.UPLOAD, List.of(), FIRST, 415, "-Tus-Resumable"),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of("Tus-Resumable: 1.0.0", AT_10, "Content-Type: application/offset+octet-stream"),
                        FIRST,
                        409),
                row(s, "PATCH", Target.NOTHING, List.of(V8, BYTES, AT_10, MORE), FIRST, 404, "-Upload-Offset"),
                row(s, "PATCH", Target.OF_TUS, List.of(V8, BYTES, AT_10, MORE), FIRST, 412, "Tus-Version: 1.0.0"),
                row(s, "PATCH", Target.OF_TUS, List.of(BYTES, AT_10), FIRST, 412, "Tus-Version: 1.0.0"),
                row(s, "PATCH", Target.OF_PARTS, List.of(V8, BYTES, AT_0, MORE), FIRST, 409),
                row(
                        s,
                        "POST",
                        Target.UPLOAD,
                        List.of(V8, BYTES, AT_10, MORE),
                        FIRST,
                        405,
                        "Allow: DELETE, GET, HEAD, OPTIONS, PATCH"),
                row(
                        s,
                        "POST",
                        Target.UPLOAD,
                        List.of(V8, BYTES, AT_10, MORE, "X-HTTP-Method-Override: PATCH"),
                        FIRST,
                        204)));
        for (String ignored : List.of("-1", "+10", "10.0", "ten", "\"10\"", "99999999999999999999", "010;x, 10")) {
            rows.add(row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, MORE, "Upload-Offset: " + ignored), FIRST, 400));
        }
        return rows.stream();
    }

    static Stream<DraftRow> completed() {
        String s = "draft-11 §4.4.2, append to a complete upload";
        String old = "draft-05 §6, append to a complete upload";
        return Stream.of(
                row(s, "PATCH", Target.COMPLETE, List.of(V8, BYTES, AT_10, LAST), NONE, 201, LAST, AT_10),
                row(s, "PATCH", Target.COMPLETE, List.of(V8, BYTES, AT_10, LAST), FIRST, 400, INCONSISTENT, MORE),
                row(s, "PATCH", Target.COMPLETE, List.of(V8, BYTES, AT_10, MORE), NONE, 400, COMPLETED, MORE),
                row(s, "PATCH", Target.COMPLETE, List.of(V8, BYTES, AT_10, MORE), FIRST, 400, COMPLETED, MORE),
                row(s, "PATCH", Target.COMPLETE, List.of(V8, BYTES, AT_0, LAST), FIRST, 409, MISMATCH, AT_10, MORE),
                row(old, "PATCH", Target.COMPLETE, List.of(V6, BYTES, AT_10, LAST), NONE, 201, LAST, AT_10),
                row(old, "PATCH", Target.COMPLETE, List.of(V6, BYTES, AT_10, LAST), FIRST, 400, COMPLETED),
                row(old, "PATCH", Target.COMPLETE, List.of(V6, BYTES, AT_0, LAST), FIRST, 400, COMPLETED),
                row(old, "PATCH", Target.COMPLETE, List.of(V5, AT_10, LAST), NONE, 201, LAST, AT_10),
                row(old, "PATCH", Target.COMPLETE, List.of(V5, AT_0, LAST), FIRST, 409, AT_10, MISMATCH),
                row(old, "PATCH", Target.COMPLETE, List.of(V3, AT_10, LAST_3), NONE, 201, LAST_3, AT_10));
    }

    static Stream<DraftRow> digests() {
        String s = "draft-11 §10, integrity digests";
        String right = "Content-Digest: " + DigestFields.sha256(PartsClient.sha256(REST));
        String wrong = "Content-Digest: " + DigestFields.sha256(PartsClient.sha256(FIRST));
        String whole = "Repr-Digest: " + DigestFields.sha256(PartsClient.sha256(REST));
        String other = "Repr-Digest: " + DigestFields.sha256(PartsClient.sha256(FIRST));
        String wanted = "Want-Repr-Digest: sha-256=3";
        return Stream.of(
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE, right), REST, 204, AT_100),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE, wrong), REST, 422, AT_10, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, LAST, wrong), REST, 422, AT_10, MORE),
                row(s, "PATCH", Target.UPLOAD, List.of(V8, BYTES, AT_10, MORE, "Content-Digest: sha-256=x"), REST, 400),
                row(
                        s,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(V8, BYTES, AT_10, MORE, "Content-Digest: crc32c=:AAAA:"),
                        REST,
                        204),
                row(s, "POST", Target.CREATION, List.of(V8, LAST, right), REST, 201, LAST),
                row(s, "POST", Target.CREATION, List.of(V8, LAST, wrong), REST, 422, MORE, "-Location"),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, wrong), REST, 422, MORE, "-Location"),
                row(s, "POST", Target.CREATION, List.of(V8, LAST, whole), REST, 201, LAST, "-Repr-Digest"),
                row(s, "POST", Target.CREATION, List.of(V8, LAST, other), REST, 422, MORE, "-Location"),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, other), REST, 201, MORE),
                row(s, "POST", Target.CREATION, List.of(V8, MORE, "Repr-Digest: sha-256=:AA:"), REST, 400),
                row(s, "POST", Target.CREATION, List.of(V8, LAST, wanted), REST, 201, LAST, whole),
                row(s, "HEAD", Target.COMPLETE, List.of(V8, wanted), NONE, 204, other));
    }

    static Stream<Arguments> rows() {
        return Rows.onAllContainers(Stream.of(append(), completed(), digests()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, DraftRow row) throws IOException {
        row.check(DraftClient.on(servers, kind));
    }
}
