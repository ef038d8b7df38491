// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Servers on a disk that has room for one MiB more. */
@DisplayName("a server on a full disk")
class FullDiskServerTest {

    private static final int DISK = 4 << 20;
    private static final int ROOM = 1 << 20;
    private static final int TOO_MUCH = ROOM + ROOM / 2;

    @TempDir
    private static Path disk;

    private static UploadServers servers;

    private Path filler;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "tmpfs", disk.toString()),
                "mounting a small tmpfs needs the rights of root");
        servers = UploadServers.start(disk, Map.of());
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (servers != null) {
            servers.close();
            run("umount", "-l", disk.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        // Were it given up, it might be done all the same, and the mount would stay.
        return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    @BeforeEach
    void fill() throws IOException {
        filler = Files.write(disk.resolve("filler"), new byte[(int) (usable() - ROOM)]);
    }

    @AfterEach
    void unfill() throws IOException {
        Files.deleteIfExists(filler);
    }

    private static long usable() throws IOException {
        return Files.getFileStore(disk).getUsableSpace();
    }

    private static void assertFull(RawResponse response) throws IOException {
        assertThat(response.status()).isEqualTo(507);
        assertThat(json(response)).containsEntry("type", "https://resumable.dev/problems/storage-full");
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("says what of an append is durable; after a deletion others go on, with more room it does so itself")
    void append(ContainerKind kind) throws IOException {
        TusClient client = TusClient.on(servers, kind);
        byte[] whole = bytes(1, TOO_MUCH);
        byte[] small = bytes(2, 200_000);
        String other = client.create(small.length);
        client.patch(other, 0, Arrays.copyOf(small, 100_000));
        String deleted = client.create(ROOM);
        client.patch(deleted, 0, new byte[ROOM / 4]);
        String upload = client.create(TOO_MUCH);

        RawResponse answer = client.patch(upload, 0, whole);

        assertFull(answer);
        int offset = Math.toIntExact(client.offset(upload));
        assertThat(json(answer)).containsEntry("offset", offset);
        assertThat(offset).isBetween(ROOM / 4, ROOM);
        assertThat(client.offset(other)).isEqualTo(100_000);

        assertThat(client.send("DELETE", deleted).status()).isEqualTo(204);
        assertThat(client.patch(other, 100_000, Arrays.copyOfRange(small, 100_000, small.length))
                        .status())
                .isEqualTo(204);
        assertThat(client.content(other)).isEqualTo(small);

        Files.delete(filler);
        assertThat(client.patch(upload, offset, Arrays.copyOfRange(whole, offset, TOO_MUCH))
                        .status())
                .isEqualTo(204);
        assertThat(client.content(upload)).isEqualTo(whole);
        removeFiles(kind);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("keeps nothing of a part; the upload can be deleted, which frees its space")
    void part(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        long before = usable();
        String upload = client.create(2L * TOO_MUCH, TOO_MUCH);

        assertFull(client.put(upload, 1, bytes(3, TOO_MUCH)));

        assertThat(json(client.get(upload))).containsEntry("received", List.of());
        assertThat(client.complete(upload).status()).isEqualTo(409);
        assertThat(client.send("DELETE", upload).status()).isEqualTo(204);
        assertThat(usable()).isGreaterThan(before - ROOM / 10);
        String smaller = client.create(ROOM / 2, ROOM / 2);
        assertThat(client.put(smaller, 1, bytes(4, ROOM / 2)).status()).isEqualTo(200);
        assertThat(client.complete(smaller).status()).isEqualTo(201);
        removeFiles(kind);
    }

    @SuppressWarnings("unchecked")
    private static void removeFiles(ContainerKind kind) throws IOException {
        PartsClient client = servers.client(kind);
        for (Object file :
                (List<Object>) json(client.get(client.base() + "/files/")).get("files")) {
            String href = ((Map<String, Object>) file).get("href").toString();
            assertThat(client.send("DELETE", href).status()).isEqualTo(204);
        }
    }
}
