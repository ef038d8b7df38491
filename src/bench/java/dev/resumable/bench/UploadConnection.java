// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that uploads the same block again and again, so that it costs as little as possible. */
final class UploadConnection implements AutoCloseable {

    private static final String TUS = "Tus-Resumable: 1.0.0\r\n";

    private final Connection connection;
    private final Block block = Block.random();

    private UploadConnection(Connection connection) {
        this.connection = connection;
    }

    static UploadConnection open(int port) throws IOException {
        return new UploadConnection(Connection.open(port));
    }

    /** Creates an upload of tus, sends all of it in one request, and gives the path of what has become of it. */
    String tus(long length) throws IOException {
        String path = path(ask("POST", "/uploads", TUS + "Upload-Length: " + length + "\r\n", 201));
        String lines = TUS + "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n";
        ReplyHead head = send("PATCH", path, lines, length, 204);
        return head.field("location").isPresent() ? path(head) : path;
    }

    /** Creates an upload of the parts API, sends and completes it, and gives the path of its file. */
    String parts(long length, long partSize) throws IOException {
        byte[] document = ("{\"fileName\":\"f\",\"size\":" + length + ",\"partSize\":" + partSize + "}")
                .getBytes(StandardCharsets.US_ASCII);
        begin("POST", "/uploads/", "Content-Type: application/json\r\n", document.length);
        connection.send(document);
        String path = path(expect(201));
        int number = 1;
        for (long left = length; left > 0; left -= partSize) {
            send("PUT", path + "/parts/" + number, "", Math.min(partSize, left), 200);
            number++;
        }
        return path(ask("POST", path + "/complete", "", 201));
    }

    /** Deletes an upload of tus, or a file. */
    void delete(String path) throws IOException {
        ask("DELETE", path, path.contains("/files/") ? "" : TUS, 204);
    }

    private ReplyHead send(String method, String path, String lines, long length, int status) throws IOException {
        begin(method, path, lines, length);
        for (long left = length; left > 0; left -= Block.SIZE) {
            connection.send(block.bytes());
        }
        return expect(status);
    }

    private ReplyHead ask(String method, String path, String lines, int status) throws IOException {
        begin(method, path, lines, 0);
        return expect(status);
    }

    private void begin(String method, String path, String lines, long length) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lines + "Content-Length: " + length;
        connection.send((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private ReplyHead expect(int status) throws IOException {
        ReplyHead head = connection.receive().head();
        if (head.status() != status) {
            throw new WrongAnswerException("answers " + head.status());
        }
        return head;
    }

    private static String path(ReplyHead head) {
        return URI.create(head.field("location").orElse("")).getPath();
    }

    @Override
    public void close() {
        connection.close();
    }
}
