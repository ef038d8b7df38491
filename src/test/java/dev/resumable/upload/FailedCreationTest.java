// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("a creation whose state cannot be stored")
class FailedCreationTest {

    @TempDir
    private Path directory;

    private final AtomicInteger created = new AtomicInteger();

    private final UploadListener listener = new UploadListener() {
        @Override
        public void created(UploadState state) {
            created.incrementAndGet();
        }
    };

    /** How a store fails. */
    private enum Failure {
        DISK,
        MISTAKE,
        FULL;

        void happen() throws IOException {
            switch (this) {
                case DISK -> throw new IOException("on purpose");
                case MISTAKE -> throw new IllegalStateException("on purpose");
                case FULL -> throw new StorageFullException(new IOException("on purpose"));
            }
        }
    }

    private static boolean isOfState(String method, Object[] arguments) {
        return method.equals("create") && arguments[0] instanceof UploadState;
    }

    private EngineFixture open(TroubledStore.Trouble trouble) throws IOException {
        return EngineFixture.troubled(UploadConfig.defaults(directory), trouble, listener);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("leaves nothing of the upload")
    void leavesNothing(Failure failure) throws IOException {
        try (EngineFixture uploads = open((method, arguments) -> {
            if (isOfState(method, arguments)) {
                failure.happen();
            }
        })) {
            if (failure == Failure.FULL) {
                assertThat(EngineFixture.problem(create(uploads))).isEqualTo(UploadProblem.STORAGE_FULL);
            } else {
                assertThatThrownBy(() -> create(uploads)).hasMessage("on purpose");
            }
        }

        assertThat(created).hasValue(0);
        try (Stream<Path> left = Files.walk(directory.resolve("uploads"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    @DisplayName("is answered by what failed first, though what it left cannot be removed either")
    void failsTwice() throws IOException {
        try (EngineFixture uploads = open((method, arguments) -> {
            if (isOfState(method, arguments)) {
                throw new IOException("on purpose");
            }
            if (method.equals("delete")) {
                throw new IOException("once more");
            }
        })) {
            assertThatThrownBy(() -> create(uploads)).hasMessage("on purpose");
        }
    }

    private static UploadOutcome create(EngineFixture uploads) throws IOException {
        return uploads.engine.create(
                EngineFixture.plan(EngineFixture.OWNER, Completion.BY_LENGTH, Optional.empty()), OptionalLong.of(5));
    }
}
