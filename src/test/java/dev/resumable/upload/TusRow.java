// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.List;

/**
 * One row of a table: a request of tus, and what its answer must have; a line such as {@code -Upload-Offset} must not be
 * there.
 */
record TusRow(
        String section, String method, Target target, List<String> lines, byte[] body, int status, String... fields) {

    static final byte[] FIRST = bytes(1, 10);
    static final byte[] REST = bytes(2, 90);
    static final byte[] NONE = {};
    static final String TUS = "Tus-Resumable: 1.0.0";
    static final String AT_10 = "Upload-Offset: 10";
    static final String UNKNOWN = "/app/uploads/AAAAAAAAAAAAAAAAAAAAAAAA";

    /** What a request is sent to. */
    enum Target {
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

    static TusRow row(
            String section,
            String method,
            Target target,
            List<String> lines,
            byte[] body,
            int status,
            String... fields) {
        return new TusRow(section, method, target, lines, body, status, fields);
    }

    @Override
    public String toString() {
        return section + ": " + method + " " + target + " " + lines + " -> " + status;
    }

    /** Sends the request and looks at the answer, and that one which is refused changes nothing. */
    void check(TusClient client) throws IOException {
        String path = target.make(client);
        String before = client.head(path).head().raw();

        RawRequest request = client.bare(method, path, lines.toArray(String[]::new));
        RawResponse response = client.exchange(Rows.withBody(request, method, body));

        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertFields(response, fields);
        if (!method.equals("OPTIONS")) {
            assertFields(response, TUS);
        }
        if (status == 201) {
            assertThat(response.field("Location")).isPresent();
        }
        if (status >= 400 && target != Target.DEFERRED) {
            assertThat(lasting(client.head(path).head().raw()))
                    .as("what is refused changes nothing")
                    .isEqualTo(lasting(before));
        }
        if (status == 204 && target != Target.CREATION && !method.equals("OPTIONS")) {
            boolean removed = section.contains("termination") || lines.contains("X-HTTP-Method-Override: DELETE");
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
}
