// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.DraftClient.BYTES;
import static dev.resumable.upload.DraftRow.AT_0;
import static dev.resumable.upload.DraftRow.AT_10;
import static dev.resumable.upload.DraftRow.AT_100;
import static dev.resumable.upload.DraftRow.FIRST;
import static dev.resumable.upload.DraftRow.INCONSISTENT;
import static dev.resumable.upload.DraftRow.LAST;
import static dev.resumable.upload.DraftRow.LAST_3;
import static dev.resumable.upload.DraftRow.LENGTH_100;
import static dev.resumable.upload.DraftRow.MISMATCH;
import static dev.resumable.upload.DraftRow.MORE;
import static dev.resumable.upload.DraftRow.MORE_3;
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
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What single requests of the older versions of the IETF draft are answered, row by row. */
class DraftVersionTableTest {

    private static UploadServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = UploadServers.start(Map.of("max-size", "4KiB", "max-open-uploads", "10000", "expiry", "1h"));
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    static Stream<DraftRow> versions() {
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
        return Rows.onAllContainers(Stream.of(versions()));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource
    void rows(ContainerKind kind, DraftRow row) throws IOException {
        row.check(DraftClient.on(servers, kind));
    }
}
