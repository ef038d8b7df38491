// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** A front server that speaks AJP/1.3 to Tomcat; each packet is sent or read by itself, as the test says. */
final class AjpFront implements AutoCloseable {

    static final int HEADERS = 4;
    static final int END = 5;
    static final int WANTS_BODY = 6;

    private static final int MAGIC = 0x1234;
    private static final int FORWARD = 2;
    private static final int POST = 4;
    private static final int DONE = 0xFF;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** A packet of Tomcat: what it is, and what is in it. */
    record Packet(int type, byte[] content) {

        int status() {
            return ((content[0] & 0xFF) << 8) | (content[1] & 0xFF);
        }
    }

    AjpFront(int port, Duration timeout) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    void post(String path, int length) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(packet);
        fields.writeByte(FORWARD);
        fields.writeByte(POST);
        for (String text : new String[] {"HTTP/1.1", path, "127.0.0.1", "localhost", "localhost"}) {
            write(fields, text);
        }
        fields.writeShort(80);
        fields.writeBoolean(false);
        fields.writeShort(2);
        for (String text : new String[] {"Host", "localhost", "Content-Length", "" + length}) {
            write(fields, text);
        }
        fields.writeByte(DONE);
        send(packet.toByteArray());
    }

    private static void write(DataOutputStream fields, String text) throws IOException {
        fields.writeShort(text.length());
        fields.write(text.getBytes(StandardCharsets.ISO_8859_1));
        fields.writeByte(0);
    }

    void sendBody(String content) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(packet);
        fields.writeShort(content.length());
        fields.write(content.getBytes(StandardCharsets.ISO_8859_1));
        send(packet.toByteArray());
    }

    private void send(byte[] packet) throws IOException {
        out.writeShort(MAGIC);
        out.writeShort(packet.length);
        out.write(packet);
        out.flush();
    }

    private Packet read() throws IOException {
        in.readUnsignedShort();
        byte[] packet = in.readNBytes(in.readUnsignedShort());
        return new Packet(packet[0], Arrays.copyOfRange(packet, 1, packet.length));
    }

    /** Reads up to a packet of this type. */
    Packet readUntil(int type) throws IOException {
        Packet next = read();
        while (next.type() != type) {
            next = read();
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
