// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.filter.RangeConfig;
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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A file of which the default servlet is asked for a part, and which is another before that or meanwhile. */
@DisplayName("a file that changes on the disk while it goes through the chain")
final class ChangedBelowTest {

    private static final int LENGTH = OldFiles.LARGE;

    @TempDir
    private static Path root;

    private final Between between = new Between();

    /** What happens to a file. */
    private enum Change {
        REPLACED {
            @Override
            void apply(Path file) throws IOException {
                replace(file, FileTime.fromMillis(System.currentTimeMillis() - 100_000));
            }
        },
        /** Under the very length and date of the one before. */
        REPLACED_ALIKE {
            @Override
            void apply(Path file) throws IOException {
                replace(file, Files.getLastModifiedTime(file));
            }
        },
        TRUNCATED {
            @Override
            void apply(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(LENGTH / 2);
                }
            }
        },
        /** Other bytes to the end, under the length and date of those before. */
        OVERWRITTEN {
            @Override
            void apply(Path file) throws IOException {
                FileTime time = Files.getLastModifiedTime(file);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.allocate(LENGTH / 2), LENGTH / 2);
                }
                Files.setLastModifiedTime(file, time);
            }
        },
        REMOVED {
            @Override
            void apply(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void apply(Path file) throws IOException;

        private static void replace(Path file, FileTime time) throws IOException {
            Path other = file.resolveSibling("new-" + file.getFileName());
            Files.write(other, Bytes.slice(7, LENGTH));
            Files.setLastModifiedTime(other, time);
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        String file(ContainerKind kind, String moment) {
            return "large-" + kind + "-" + this + "-" + moment + ".bin";
        }
    }

    static Stream<Arguments> everyChange() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(Change.values()).map(change -> Arguments.of(kind, change)));
    }

    @BeforeAll
    static void write() throws IOException, InterruptedException {
        OldFiles.write(
                root,
                everyChange()
                        .map(Arguments::get)
                        .flatMap(way -> Stream.of("before", "during", "first", "asked")
                                .map(moment -> ((Change) way[1]).file((ContainerKind) way[0], moment)))
                        .toList());
    }

    private EmbeddedContainer start(ContainerKind kind) {
        return OldFiles.start(kind, root, RangeConfig.defaults(), between);
    }

    /** The tag of a file that is known to come unchanged. */
    private String learn(EmbeddedContainer container, String name) throws IOException {
        String tag = container.get("/" + name).assertComplete().field("ETag").orElseThrow();
        between.written();
        assertThat(container.get("/" + name, "Range: bytes=5-9").status()).isEqualTo(206);
        assertThat(between.written()).isEqualTo(5);
        return tag;
    }

    /** Nothing of another state is under the tag, or is added to what the client has. */
    private static void assertOfState(RawResponse got, String tag, long first) {
        if (got.completion() == Completion.COMPLETE && got.status() < 300) {
            if (got.status() == 206) {
                assertThat(got.sha256()).as("%s", got.head()).isEqualTo(Bytes.sha256(first, got.bodyLength()));
            } else {
                assertThat(got.field("ETag")).isNotEqualTo(Optional.of(tag));
            }
        } else {
            assertThat(got.completion()).isNotEqualTo(Completion.TIMED_OUT);
        }
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    @DisplayName("is not continued with bytes of its successor, nor called the same")
    void before(ContainerKind kind, Change change) throws IOException {
        String name = change.file(kind, "before");
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            String tag = learn(container, name);
            change.apply(root.resolve(name));
            for (int i = 0; i < 2; i++) {
                RawResponse part = RawClient.once(
                        container.port(),
                        RawRequest.get("/" + name, "Range: bytes=" + (LENGTH / 2 + 5) + "-", "If-Range: " + tag));
                assertOfState(part, tag, LENGTH / 2 + 5);
                assertThat(part.status()).as("%s", part.head()).isNotIn(206, 304);
                RawResponse known =
                        RawClient.once(container.port(), RawRequest.get("/" + name, "If-None-Match: " + tag));
                assertThat(known.status()).isNotEqualTo(304);
                assertOfState(known, tag, 0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    @DisplayName("is not sent as if it were whole if that happens within the answer")
    void during(ContainerKind kind, Change change) throws IOException {
        String name = change.file(kind, "during");
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin();
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            String tag = learn(container, name);
            OpenResponse begun = client.open(RawRequest.get("/" + name, "Range: bytes=1000-", "If-Range: " + tag));
            assertThat(begun.head().status()).isEqualTo(206);
            assertThat(begun.head().field("ETag")).contains(tag);
            begun.readBody(50_000);
            change.apply(root.resolve(name));
            RawResponse got = begun.digestRest();
            assertThat(got.completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    @DisplayName("is not sent as if it were whole if that happens within the first answer of all")
    void duringFirst(ContainerKind kind, Change change) throws IOException {
        String name = change.file(kind, "first");
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin();
                RawClient client = RawClient.connectWithReceiveBuffer(container.port(), 16 << 10)) {
            OpenResponse begun = client.open(RawRequest.get("/" + name, "Range: bytes=0-" + (LENGTH - 2)));
            assertThat(begun.head().status()).isEqualTo(206);
            begun.readBody(50_000);
            change.apply(root.resolve(name));
            assertThat(begun.digestRest().completion()).isEqualTo(Completion.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("everyChange")
    @DisplayName("is not called the same if that happens while a filter has the request")
    void asked(ContainerKind kind, Change change) throws IOException {
        String name = change.file(kind, "asked");
        try (EmbeddedContainer container = start(kind);
                Silence silence = Silence.begin()) {
            String tag = learn(container, name);
            between.put((request, response, chain) -> {
                between.remove();
                change.apply(root.resolve(name));
                chain.doFilter(request, response);
            });
            RawResponse known = RawClient.once(container.port(), RawRequest.get("/" + name, "If-None-Match: " + tag));
            assertThat(known.status()).as("%s", known.head()).isNotEqualTo(304);
            assertOfState(known, tag, 0);
        }
    }
}
