// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine for each test. */
abstract class EngineTestBase {

    @TempDir
    Path directory;

    EngineFixture uploads;

    @BeforeEach
    void open() throws IOException {
        uploads = EngineFixture.in(directory);
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    /** Another one with the same data. */
    final void reopen(UploadConfig config, UploadListener listener) throws IOException {
        uploads.close();
        uploads = new EngineFixture(directory, config, listener);
    }
}
