// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a catalogue of documents")
class FileCatalogueTest extends CatalogueContract {

    @TempDir
    private Path directory;

    @Override
    protected UploadStore open() throws IOException {
        return UploadStore.inDirectory(directory, FsyncPolicy.NONE);
    }
}
