// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FaultyLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A large download that is cut a hundred times while its file is replaced: what the client has in the end is one state.
 *
 * <p>64 MiB; where the system property {@code resumable.heavy} is set 1 GiB of what the filter sends, and 256 MiB on the other
 * ways.
 */
@DisplayName("a download that is cut and resumed while its file is replaced")
final class ReplacedDownloadTest {

    private static final boolean HEAVY = System.getProperty("resumable.heavy") != null;
    private static final int CUTS = 100;

    @TempDir
    private static Path shared;

    private static final Map<Long, Versions> VERSIONS = new HashMap<>();

    @BeforeAll
    static void writeVersions() throws IOException {
        for (ServedFile way : ServedFile.values()) {
            long length = length(way);
            if (!VERSIONS.containsKey(length)) {
                Path directory = Files.createDirectory(shared.resolve("versions-" + length));
                VERSIONS.put(length, Versions.write(directory, 3, length));
            }
        }
    }

    @AfterAll
    static void forgetVersions() {
        VERSIONS.clear();
    }

    private static long length(ServedFile way) {
        if (!HEAVY) {
            return 64L << 20;
        }
        return way == ServedFile.DIRECT ? 1L << 30 : 256L << 20;
    }

    static Stream<Arguments> everyWay() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(ServedFile.values()).map(way -> Arguments.of(kind, way)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("is never made of two states")
    void neverSpliced(ContainerKind kind, ServedFile way) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path root = Files.createTempDirectory(shared, "root");
        Path file = root.resolve("file.bin");
        long length = length(way);
        Versions versions = VERSIONS.get(length);
        versions.put(0, file);
        try (EmbeddedContainer container = way.start(kind, root);
                FaultyLink link = FaultyLink.to(container.port())) {
            ResumingDownload download = new ResumingDownload(link, way.target("file.bin"), shared.resolve("saved"));
            for (int i = 0, version = 1; i < CUTS; i++) {
                // Twice at least, whatever is thrown.
                if (i == 20 || i == 60 || random.nextInt(15) == 0) {
                    replaceSoon(versions, file, version++, random.nextInt(8));
                }
                // Never far enough to get to the end while there are cuts to come.
                download.go(random.nextLong(length / CUTS));
            }
            for (int i = 0; !download.go(Long.MAX_VALUE); i++) {
                assertThat(i).as("attempts without a cut, seed %s", seed).isLessThan(10);
            }
            assertThat(versions.digests()).as("seed %s", seed).contains(sha256(shared.resolve("saved")));
            assertThat(download.resumed()).as("206, seed %s", seed).isGreaterThan(CUTS / 2);
            assertThat(download.begunAgain()).as("200, seed %s", seed).isPositive();
        }
    }

    /** Replaces the file in the middle of the next exchange, or before it, as it comes. */
    private static void replaceSoon(Versions versions, Path file, int version, int millis) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(millis);
                versions.put(version, file);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        thread.start();
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
