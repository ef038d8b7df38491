// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;

/**
 * One row of a table: a request of the IETF draft, and what its answer must have; a line such as {@code -Upload-Offset} must not be
 * there.
 */
record DraftRow(
        String section, String method, Target target, List<String> lines, byte[] body, int status, String... fields) {

    static final byte[] FIRST = bytes(1, 10);
    static final byte[] REST = bytes(2, 90);
    static final byte[] NONE = {};
    static final String V3 = "Upload-Draft-Interop-Version: 3";
    static final String V5 = "Upload-Draft-Interop-Version: 5";
    static final String V6 = "Upload-Draft-Interop-Version: 6";
    static final String V8 = "Upload-Draft-Interop-Version: 8";
    static final String LAST = "Upload-Complete: ?1";
    static final String MORE = "Upload-Complete: ?0";
    static final String LAST_3 = "Upload-Incomplete: ?0";
    static final String MORE_3 = "Upload-Incomplete: ?1";
    static final String AT_0 = "Upload-Offset: 0";
    static final String AT_10 = "Upload-Offset: 10";
    static final String AT_100 = "Upload-Offset: 100";
    static final String LENGTH_100 = "Upload-Length: 100";
    static final String LIMIT = "Upload-Limit: max-size=4096, max-age=3600";
    /** Stands for the problem type in a row; it is no field. */
    static final String PROBLEM = "problem: ";

    static final String MISMATCH = PROBLEM + "mismatching-upload-offset";
    static final String INCONSISTENT = PROBLEM + "inconsistent-upload-length";
    static final String COMPLETED = PROBLEM + "completed-upload";

    private static final String UNKNOWN = "/app/uploads/AAAAAAAAAAAAAAAAAAAAAAAA";
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    /** What a request is sent to. */
    enum Target {
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

    static DraftRow row(
            String section,
            String method,
            Target target,
            List<String> lines,
            byte[] body,
            int status,
            String... fields) {
        return new DraftRow(section, method, target, lines, body, status, fields);
    }

    @Override
    public String toString() {
        return section + ": " + method + " " + target + " " + lines + " -> " + status;
    }

    /** Sends the request and looks at the answer, and that one which is refused changes nothing. */
    void check(DraftClient client) throws IOException {
        String path = target.make(client);
        String before = client.head(path).head().raw();

        RawRequest request = client.bare(method, path, lines.toArray(String[]::new));
        RawResponse response = client.exchange(Rows.withBody(request, method, body));

        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        for (String line : fields) {
            if (line.startsWith(PROBLEM)) {
                assertThat(PartsClient.json(response)).containsEntry("type", TYPES + line.substring(PROBLEM.length()));
            } else if (line.startsWith(DraftFields.LIMIT)) {
                assertLimit(response, line);
            } else {
                TusRow.assertFields(response, line);
            }
        }
        String after = client.head(path).head().raw();
        if (status >= 400) {
            assertThat(TusRow.lasting(after))
                    .as("what is refused changes nothing")
                    .isEqualTo(TusRow.lasting(before));
        } else if (method.equals("DELETE")) {
            assertThat(client.head(path).status()).isEqualTo(404);
        } else if (status == 201 && target == Target.CREATION) {
            RawResponse created = client.head(response.field("Location").orElseThrow());
            assertThat(created.field("Upload-Offset")).isEqualTo(response.field("Upload-Offset"));
            assertThat(created.field("Upload-Complete"))
                    .contains(
                            lines.contains(LAST_3)
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
