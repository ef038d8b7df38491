// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.EntityTagSource;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.Completion;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import dev.resumable.testing.Silence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that change while they are sent, or between requests: a complete answer is of the one state that its tag names. */
@DisplayName("a file that changes")
final class ChangingFileTest {

    /** Far more than sockets and containers keep, so that the change comes in mid-transfer. */
    private static final int LARGE = 8 << 20;

    @TempDir
    private Path root;

    @TempDir
    private Path elsewhere;

    static Stream<Arguments> everyWay() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(ServedFile.values()).map(way -> Arguments.of(kind, way)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("in mid-transfer is sent in its first state or breaks off, and is right for the next request")
    void midTransfer(ContainerKind kind, ServedFile way) throws IOException {
        Versions.write(elsewhere, 1, LARGE);
        SoftAssertions all = new SoftAssertions();
        try (EmbeddedContainer container = way.start(kind, root);
                Silence silence = Silence.begin()) {
            for (FileChange change : FileChange.values()) {
                all.check(() -> changeInMidTransfer(container, way, change));
            }
        }
        all.assertAll();
    }

    private void changeInMidTransfer(EmbeddedContainer container, ServedFile way, FileChange change)
            throws IOException {
        String name = change.name() + ".bin";
        Path file = root.resolve(name);
        Files.copy(elsewhere.resolve("version-0"), file, COPY_ATTRIBUTES);
        String tag;
        try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            OpenResponse begun = client.open(RawRequest.get(way.target(name)));
            assertThat(begun.head().status()).isEqualTo(200);
            tag = begun.head().field("ETag").orElseThrow();
            begun.readBody(50_000);
            change.apply(file);
            RawResponse got = begun.digestRest();
            assertThat(got.completion()).as("%s", change).isNotEqualTo(Completion.TIMED_OUT);
            if (got.completion() == Completion.COMPLETE) {
                assertThat(got.sha256()).as("complete after %s", change).isEqualTo(Bytes.sha256(0, LARGE));
            }
        }
        assertNextIsRight(container, way, change, tag);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName(
            "in mid-transfer of a part that ends long before its end leaves that part whole and old, or visibly short")
    void midPart(ContainerKind kind, ServedFile way) throws IOException {
        Versions.write(elsewhere, 1, LARGE);
        Path file = root.resolve("parts.bin");
        try (EmbeddedContainer container = way.start(kind, root);
                Silence silence = Silence.begin()) {
            for (String ranges : new String[] {"bytes=0-%d", "bytes=0-9,20-%d"}) {
                Files.copy(elsewhere.resolve("version-0"), file, COPY_ATTRIBUTES, REPLACE_EXISTING);
                long last = LARGE * 3L / 4;
                try (RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
                    OpenResponse begun =
                            client.open(RawRequest.get(way.target("parts.bin"), "Range: " + ranges.formatted(last)));
                    assertThat(begun.head().status()).isEqualTo(206);
                    begun.readBody(50_000);
                    overwriteFrom(LARGE / 2, file);
                    RawResponse got = begun.digestRest();
                    assertThat(got.completion()).as(ranges).isNotEqualTo(Completion.TIMED_OUT);
                    if (got.completion() == Completion.COMPLETE && ranges.indexOf(',') < 0) {
                        assertThat(got.sha256()).as(ranges).isEqualTo(Bytes.sha256(0, last + 1));
                    }
                    if (way != ServedFile.CHAIN) {
                        // All of it cannot have been on its way already; a young file of a default servlet is kept
                        // first.
                        assertThat(got.completion()).as(ranges).isEqualTo(Completion.TRUNCATED);
                    }
                }
            }
        }
    }

    private static void overwriteFrom(long position, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) (channel.size() - position)), position);
        }
    }

    private void assertNextIsRight(EmbeddedContainer container, ServedFile way, FileChange change, String tag)
            throws IOException {
        Path file = root.resolve(change.name() + ".bin");
        RawRequest resume =
                RawRequest.get(way.target(change.name() + ".bin"), "Range: bytes=1000-", "If-Range: " + tag);
        Outcome next = Outcome.of(container.port(), resume);
        if (!Files.isRegularFile(file)) {
            assertThat(next.complete().map(RawResponse::status).orElse(500))
                    .as("%s", change)
                    .isGreaterThanOrEqualTo(300);
            return;
        }
        byte[] now = Files.readAllBytes(file);
        Optional<RawResponse> complete = next.complete();
        if (way == ServedFile.CHAIN && complete.map(RawResponse::status).orElse(500) == 500) {
            // Default servlets remember the length of a file for some seconds; that it does not hold is told honestly.
            return;
        }
        RawResponse got = complete.orElseThrow(() -> new AssertionError("incomplete after " + change));
        if (got.status() == 206) {
            assertThat(got.field("ETag")).as("206 after %s", change).contains(tag);
            assertThat(got.sha256()).as("206 after %s", change).isEqualTo(Bytes.sha256(1000, LARGE - 1000L));
            return;
        }
        assertThat(got.status()).as("after %s", change).isEqualTo(200);
        if (way == ServedFile.CHAIN) {
            // A default servlet may send a state that it has cached, or mapped and truncated: the tag must name just
            // that.
            assertTagNamesBytes(got);
        } else {
            assertThat(got.sha256()).as("200 after %s", change).isEqualTo(Bytes.sha256(now));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyWay")
    @DisplayName("between requests, to one of the same length and second, is not mistaken for the one before")
    void sameLengthAndSecond(ContainerKind kind, ServedFile way) throws IOException {
        SoftAssertions all = new SoftAssertions();
        try (EmbeddedContainer container = way.start(kind, root)) {
            for (int length : new int[] {1_000, 50_000, 1_000_000}) {
                Path file = root.resolve(length + ".bin");
                Versions versions =
                        Versions.write(Files.createDirectory(elsewhere.resolve(String.valueOf(length))), 3, length);
                for (int i = 0; i < 9; i++) {
                    versions.put(i, file);
                    RawResponse got =
                            container.get(way.target(file.getFileName().toString()));
                    all.check(() -> assertTagNamesBytes(got.assertComplete()));
                }
            }
        }
        all.assertAll();
    }

    private static void assertTagNamesBytes(RawResponse got) {
        byte[] digest = HexFormat.of().parseHex(got.sha256());
        assertThat(got.field("ETag"))
                .as("the tag of %s bytes", got.bodyLength())
                .contains(EntityTagSource.contentTag(digest).toString());
    }
}
