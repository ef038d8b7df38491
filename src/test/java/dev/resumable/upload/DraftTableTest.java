// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.DraftClient.BYTES;
import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.DigestFields;
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

/** What single requests of the IETF draft are answered, row by row, and that those which are refused change nothing. */
class DraftTableTest {

    private static final byte[] FIRST = bytes(1, 10);
    private static final byte[] REST = bytes(2, 90);
    private static final String UNKNOWN = "/app/uploads/AAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "4KiB", "max-open-uploads", "10000", "expiry", "1h"));
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
        OF_NO_LENGTH,
        /** All 10 bytes are there, and nobody has said that they are all. */
        FULL,
        /** With 10 bytes. */
        COMPLETE,
        /** Of tus, 10 of 100 bytes are there. */
        OF_TUS,
        /** Of the parts API. */
        OF_PARTS,
        NOTHING;

        String make(DraftClient client) throws IOException {
            TusClient tus = new TusClient(client.port(), client.base(), client.owner());
            return switch (this) {
                case CREATION -> client.base() + "/";
                case UPLOAD -> begun(client, client.create(100));
                case OF_NO_LENGTH -> begun(client, client.create());
                case FULL -> begun(client, client.create(10));
                case COMPLETE -> client.stored(FIRST);
                case OF_TUS -> {
                    String upload = tus.create(100);
                    tus.patch(upload, 0, FIRST);
                    yield upload;
                }
                case OF_PARTS -> new PartsClient(client.port(), client.base(), client.owner()).create(100, 50);
                case NOTHING -> UNKNOWN;
            };
        }

        private static String begun(DraftClient client, String upload) throws IOException {
            client.append(upload, 0, FIRST);
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
    private static final String V3 = "Upload-Draft-Interop-Version: 3";
    private static final String V5 = "Upload-Draft-Interop-Version: 5";
    private static final String V6 = "Upload-Draft-Interop-Version: 6";
    private static final String V8 = "Upload-Draft-Interop-Version: 8";
    private static final String LAST = "Upload-Complete: ?1";
    private static final String MORE = "Upload-Complete: ?0";
    private static final String LAST_3 = "Upload-Incomplete: ?0";
    private static final String MORE_3 = "Upload-Incomplete: ?1";
    private static final String AT_0 = "Upload-Offset: 0";
    private static final String AT_10 = "Upload-Offset: 10";
    private static final String AT_100 = "Upload-Offset: 100";
    private static final String LENGTH_100 = "Upload-Length: 100";
    private static final String LIMIT = "Upload-Limit: max-size=4096, max-age=3600";
    /** Stands for the problem type in a row; it is no field. */
    private static final String PROBLEM = "problem: ";

    private static final String MISMATCH = PROBLEM + "mismatching-upload-offset";
    private static final String INCONSISTENT = PROBLEM + "inconsistent-upload-length";
    private static final String COMPLETED = PROBLEM + "completed-upload";

    static Stream<Row> creation() {
        String s = "draft-11 §4.2, upload creation";
        List<Row> rows = new ArrayList<>(List.of(
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

    static Stream<Row> length() {
        String s = "draft-11 §4.1.3, length";
        String length = "Upload-Length: ";
        List<Row> rows = new ArrayList<>(List.of(
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

    static Stream<Row> limits() {
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

    static Stream<Row> offsetRetrieval() {
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

    static Stream<Row> append() {
        String s = "draft-11 §4.4, upload append";
        List<Row> rows = new ArrayList<>(List.of(
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

    static Stream<Row> completed() {
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

    static Stream<Row> digests() {
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

    static Stream<Row> cancellation() {
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

    static Stream<Row> versions() {
        String three = "draft-01, interop version 3";
        String five = "draft-03, interop version 5";
        String six = "draft-05, interop version 6";
        String others = "interop versions that have no rules of their own";
        String expires = "Upload-Limit: max-size=4096, expires=3600";
        return Stream.of(
                row(three, "POST", Target.CREATION, List.of(V3, MORE_3), FIRST, 201, MORE_3, AT_10, "-Upload-Complete"),
                row(three, "POST", Target.CREATION, List.of(V3, LAST_3), FIRST, 201, LAST_3, AT_10, "-Upload-Complete"),
                row(three, "POST", Target.CREATION, List.of(MORE_3), NONE, 201, MORE_3, AT_0),
                row(three, "POST", Target.CREATION, List.of(V3), FIRST, 400),
                row(three, "HEAD", Target.UPLOAD, List.of(V3), NONE, 204, AT_10, MORE_3, "-Upload-Complete"),
                row(three, "HEAD", Target.COMPLETE, List.of(V3), NONE, 204, AT_10, LAST_3),
                row(three, "HEAD", Target.UPLOAD, List.of(V3, AT_10), NONE, 400),
                row(three, "HEAD", Target.UPLOAD, List.of(V3, MORE_3), NONE, 400),
                row(three, "PATCH", Target.UPLOAD, List.of(V3, AT_10, MORE_3), FIRST, 201, MORE_3, "Upload-Offset: 20"),
                row(three, "PATCH", Target.UPLOAD, List.of(V3, AT_10, LAST_3), REST, 201, LAST_3, AT_100),
                row(three, "PATCH", Target.UPLOAD, List.of(V3, AT_10), REST, 201, LAST_3, AT_100),
                row(three, "PATCH", Target.UPLOAD, List.of(V3, AT_0, MORE_3), FIRST, 409, AT_10, MORE_3),
                row(five, "POST", Target.CREATION, List.of(V5, MORE), FIRST, 201, MORE, AT_10),
                row(five, "POST", Target.CREATION, List.of(V5, LAST), FIRST, 201, LAST, AT_10),
                row(five, "HEAD", Target.UPLOAD, List.of(V5), NONE, 204, AT_10, MORE),
                row(five, "HEAD", Target.UPLOAD, List.of(V5, MORE), NONE, 400),
                row(five, "PATCH", Target.UPLOAD, List.of(V5, AT_10, MORE), FIRST, 201, MORE, "Upload-Offset: 20"),
                row(five, "PATCH", Target.UPLOAD, List.of(V5, AT_10), FIRST, 201, MORE, "Upload-Offset: 20"),
                row(five, "PATCH", Target.UPLOAD, List.of(V5, AT_10, LAST, "Content-Type: image/png"), REST, 201, LAST),
                row(five, "PATCH", Target.UPLOAD, List.of(V5, AT_10, LAST), FIRST, 400),
                row(six, "POST", Target.CREATION, List.of(V6, MORE, LENGTH_100), FIRST, 201, MORE, AT_10, expires),
                row(six, "HEAD", Target.UPLOAD, List.of(V6), NONE, 204, AT_10, MORE, LENGTH_100, expires),
                row(
                        six,
                        "PATCH",
                        Target.UPLOAD,
                        List.of(V6, BYTES, AT_10, MORE),
                        FIRST,
                        201,
                        MORE,
                        "Upload-Offset: 20"),
                row(six, "PATCH", Target.UPLOAD, List.of(V6, AT_10, MORE), FIRST, 415),
                row(six, "PATCH", Target.UPLOAD, List.of(V6, BYTES, AT_0, MORE), FIRST, 409, AT_10, MORE, MISMATCH),
                row(six, "PATCH", Target.UPLOAD, List.of(V6, BYTES, AT_10, MORE), bytes(3, 91), 400, INCONSISTENT),
                row(
                        others,
                        "PATCH",
                        Target.UPLOAD,
                        List.of("Upload-Draft-Interop-Version: 4", AT_10, MORE),
                        FIRST,
                        201,
                        MORE),
                row(
                        others,
                        "PATCH",
                        Target.UPLOAD,
                        List.of("Upload-Draft-Interop-Version: 7", BYTES, AT_10, MORE),
                        FIRST,
                        204),
                row(
                        others,
                        "PATCH",
                        Target.UPLOAD,
                        List.of("Upload-Draft-Interop-Version: 99", BYTES, AT_10, MORE),
                        FIRST,
                        204),
                row(
                        others,
                        "PATCH",
                        Target.UPLOAD,
                        List.of("Upload-Draft-Interop-Version: x", BYTES, AT_10, MORE),
                        FIRST,
                        204),
                // Neither the one nor the other client may be understood by what only the other means.
                row(others, "PATCH", Target.UPLOAD, List.of(V3, AT_10, MORE), FIRST, 201, MORE),
                row(others, "PATCH", Target.UPLOAD, List.of(V8, AT_10, MORE_3), FIRST, 201, MORE_3));
    }

    static Stream<Arguments> rows() {
        List<Row> rows = Stream.of(
                        creation(),
                        length(),
                        limits(),
                        offsetRetrieval(),
                        append(),
                        completed(),
                        digests(),
                        cancellation(),
                        versions())
                .flatMap(part -> part)
                .toList();
        return ContainerKind.running().stream().flatMap(kind -> rows.stream().map(row -> Arguments.of(kind, row)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, Row row) throws IOException {
        DraftClient client = DraftClient.on(servers, kind);
        String path = row.target().make(client);
        String before = client.head(path).head().raw();

        RawRequest request = client.bare(row.method(), path, row.lines().toArray(String[]::new));
        boolean hasBody =
                row.body().length > 0 || !List.of("HEAD", "GET", "OPTIONS").contains(row.method());
        RawResponse response = client.exchange(hasBody ? request.withBody(row.body()) : request);

        assertThat(response.status()).as(response.toString()).isEqualTo(row.status());
        for (String line : row.fields()) {
            if (line.startsWith(PROBLEM)) {
                assertThat(PartsClient.json(response)).containsEntry("type", TYPES + line.substring(PROBLEM.length()));
            } else if (line.startsWith(DraftFields.LIMIT)) {
                assertLimit(response, line);
            } else {
                TusTableTest.assertFields(response, line);
            }
        }
        String after = client.head(path).head().raw();
        if (row.status() >= 400) {
            assertThat(TusTableTest.lasting(after))
                    .as("what is refused changes nothing")
                    .isEqualTo(TusTableTest.lasting(before));
        } else if (row.method().equals("DELETE")) {
            assertThat(client.head(path).status()).isEqualTo(404);
        } else if (row.status() == 201 && row.target() == Target.CREATION) {
            RawResponse created = client.head(response.field("Location").orElseThrow());
            assertThat(created.field("Upload-Offset")).isEqualTo(response.field("Upload-Offset"));
            assertThat(created.field("Upload-Complete"))
                    .contains(
                            row.lines().contains(LAST_3)
                                            || response.fields("Upload-Complete")
                                                    .contains("?1")
                                    ? "?1"
                                    : "?0");
        }
    }

    /** The lifetime counts down. */
    private static void assertLimit(RawResponse response, String line) {
        String expected = line.substring(line.indexOf(':') + 2, line.lastIndexOf('='));
        String actual = response.field(DraftFields.LIMIT).orElseThrow();
        assertThat(actual).startsWith(expected + "=");
        assertThat(Long.parseLong(actual.substring(expected.length() + 1))).isBetween(3500L, 3600L);
    }
}
