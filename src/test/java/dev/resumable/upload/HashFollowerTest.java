// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.PartStored;
import dev.resumable.upload.store.UploadBodies;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many bytes are read again for the hash of the whole, and that they are the right ones. */
@DisplayName("the hash of the whole")
class HashFollowerTest {

    private static final int PART = 10_000;
    private static final int PARTS = 60;
    private static final byte[] WHOLE = bytes(1, PART * PARTS);

    @TempDir
    private Path directory;

    private long bytesRead;
    private EngineFixture uploads;

    @BeforeEach
    void open() throws IOException {
        UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        UploadBodies counting = (UploadBodies) Proxy.newProxyInstance(
                UploadBodies.class.getClassLoader(),
                new Class<?>[] {UploadBodies.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(store.bodies(), arguments);
                        return method.getName().equals("read") ? counted((InputStream) result) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        uploads = new EngineFixture(
                new UploadStore(counting, store.states(), store.locks(), store.catalogue(), store),
                UploadConfig.defaults(directory),
                new UploadListener() {});
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int read = super.read(bytes, offset, length);
                bytesRead += Math.max(0, read);
                return read;
            }
        };
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    private static byte[] part(int number) {
        return Arrays.copyOfRange(WHOLE, (number - 1) * PART, number * PART);
    }

    private BodySink begin(UploadId id, int number) throws IOException {
        return EngineFixture.open(uploads.engine.part(
                id, OWNER, PROTOCOL, new PartRequest(number, OptionalLong.empty(), BodyDigests.none())));
    }

    private static void end(BodySink sink, int number) {
        sink.write(part(number), 0, PART);
        assertThat(sink.end(Ending.WHOLE)).isInstanceOf(PartStored.class);
    }

    private long complete(UploadId id) throws IOException {
        bytesRead = 0;
        Completed completed = (Completed) uploads.engine.complete(id, OWNER, PROTOCOL);
        assertThat(completed.file().sha256()).isEqualTo(hex(WHOLE));
        return bytesRead;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    @DisplayName(
            "follows parts that come side by side: the completion reads nothing, and all reads together are no more than the whole")
    void sideBySide(int inFlight) throws IOException {
        UploadId id = uploads.createParts(WHOLE.length, PART);
        Random random = new Random(7);
        Map<Integer, BodySink> open = new LinkedHashMap<>();
        for (int next = 1; next <= PARTS || !open.isEmpty(); ) {
            while (open.size() < inFlight && next <= PARTS) {
                open.put(next, begin(id, next++));
            }
            Integer[] numbers = open.keySet().toArray(Integer[]::new);
            int number = numbers[random.nextInt(numbers.length)];
            end(open.remove(number), number);
        }
        assertThat(bytesRead).isLessThanOrEqualTo(inFlight == 1 ? 0 : WHOLE.length);

        assertThat(complete(id)).isZero();
    }

    @Test
    @DisplayName("catches up when the first part comes last, a few parts with each one")
    void firstPartLast() throws IOException {
        UploadId id = uploads.createParts(WHOLE.length, PART);
        for (int number = PARTS; number > 1; number--) {
            end(begin(id, number), number);
        }
        assertThat(bytesRead).as("nothing is contiguous").isZero();
        end(begin(id, 1), 1);
        assertThat(bytesRead).isEqualTo(4L * PART);

        assertThat(complete(id)).isEqualTo((PARTS - 5L) * PART);
    }

    @Test
    @DisplayName("is right also where parts come again with other bytes, before and behind it")
    void otherBytes() throws IOException {
        UploadId id = uploads.createParts(WHOLE.length, PART);
        for (int number = PARTS; number >= 1; number--) {
            BodySink wrong = begin(id, number);
            wrong.write(new byte[PART], 0, PART);
            wrong.end(Ending.WHOLE);
        }
        for (int number = 1; number <= PARTS; number++) {
            end(begin(id, number), number);
            if (number % 7 == 0) {
                // A third time: in the first place again, beside one that breaks off in the middle.
                end(begin(id, number), number);
                BodySink broken = begin(id, number);
                broken.write(new byte[PART / 2], 0, PART / 2);
                broken.end(Ending.CUT_OFF);
            }
        }

        assertThat(complete(id)).isLessThanOrEqualTo(WHOLE.length);
    }

    @Test
    @DisplayName("lets go of a part as soon as somebody wants it")
    void letsGo() throws IOException {
        UploadId id = uploads.createParts(WHOLE.length, PART);
        end(begin(id, 2), 2);
        BodySink again = begin(id, 2);
        end(begin(id, 1), 1);
        assertThat(bytesRead).as("part 2 is being written again").isZero();
        again.write(part(2), 0, PART);
        again.end(Ending.WHOLE);
        for (int number = 3; number <= PARTS; number++) {
            end(begin(id, number), number);
        }

        assertThat(complete(id)).isLessThanOrEqualTo((PARTS - 1L) * PART);
    }
}
