// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Created;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of pieces that have become one file. */
class JoiningTest {

    private static final int PIECE = 50_000;
    private static final byte[] WHOLE = bytes(1, 2 * PIECE);
    private static final UploadPlan PLAN = EngineFixture.plan(OWNER, Completion.ASKED, Optional.empty());
    private static final UploadPlan PIECE_PLAN = EngineFixture.plan(OWNER, Completion.PIECE, Optional.empty());

    @TempDir
    private Path directory;

    private volatile Optional<UploadId> stuck = Optional.empty();
    private EngineFixture uploads;

    @BeforeEach
    void open() throws IOException {
        UploadConfig config = UploadConfig.builder(directory)
                .maxOwnerBytes(WHOLE.length)
                .maxOpenUploads(2)
                .build();
        uploads = EngineFixture.troubled(config, this::trouble, new UploadListener() {});
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    /** The state of one upload can be changed no more, not even removed. */
    private void trouble(String method, Object[] arguments) throws IOException {
        boolean changes = method.equals("replace") || method.equals("delete");
        if (changes
                && stuck.isPresent()
                && arguments[0].toString().contains(stuck.get().value())) {
            throw new StorageFullException(new IOException("on purpose"));
        }
    }

    private List<UploadId> pieces() throws IOException {
        UploadId one = EngineFixture.created(uploads.engine.create(PIECE_PLAN, OptionalLong.of(PIECE)));
        UploadId two = EngineFixture.created(uploads.engine.create(PIECE_PLAN, OptionalLong.of(PIECE)));
        uploads.append(one, 0, Arrays.copyOf(WHOLE, PIECE));
        uploads.append(two, 0, Arrays.copyOfRange(WHOLE, PIECE, WHOLE.length));
        return List.of(one, two);
    }

    private StoredFile joined(List<UploadId> pieces) throws IOException {
        return ((Completed) uploads.engine.join(PLAN, pieces)).file();
    }

    private long bytesOnDisk() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.endsWith("body") || file.toString().contains("blobs"))
                    .filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void theDiskHasNoMoreThanTheOwnerMayStore() throws IOException {
        for (int i = 0; i < 3; i++) {
            StoredFile file = joined(pieces());

            assertThat(file.sha256()).isEqualTo(hex(WHOLE));
            assertThat(bytesOnDisk()).isEqualTo(WHOLE.length);
            uploads.engine.removeFile(file.id(), OWNER);
            assertThat(bytesOnDisk()).isZero();
        }
    }

    @Test
    void aPieceThatCannotGoChangesNothingOfTheAnswerAndCounts() throws IOException {
        List<UploadId> pieces = pieces();
        stuck = Optional.of(pieces.get(0));

        StoredFile file = joined(pieces);

        assertThat(uploads.engine.files(OWNER)).containsExactly(file);
        assertThat(uploads.store.states().find(pieces.get(1))).isEmpty();
        uploads.engine.removeFile(file.id(), OWNER);
        assertThat(problem(uploads.engine.create(PIECE_PLAN, OptionalLong.of(PIECE + 1))))
                .isEqualTo(UploadProblem.QUOTA_EXCEEDED);
        assertThat(uploads.engine.create(PIECE_PLAN, OptionalLong.of(PIECE))).isInstanceOf(Created.class);
    }

    @Test
    void whoHasLostTheAnswerGetsTheSameFileAgain() throws IOException {
        List<UploadId> pieces = pieces();
        StoredFile file = joined(pieces);

        assertThat(joined(pieces)).isEqualTo(file);
        close();
        open();
        assertThat(joined(pieces)).isEqualTo(file);

        assertThat(uploads.engine.files(OWNER)).containsExactly(file);
        List<UploadId> otherOrder = List.of(pieces.get(1), pieces.get(0));
        assertThat(problem(uploads.engine.join(PLAN, otherOrder))).isEqualTo(UploadProblem.MALFORMED_REQUEST);
    }
}
