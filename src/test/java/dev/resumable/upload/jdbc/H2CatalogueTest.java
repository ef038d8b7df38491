// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import dev.resumable.upload.store.CatalogueContract;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a catalogue in H2")
class H2CatalogueTest extends CatalogueContract {

    @TempDir
    private Path directory;

    @Override
    protected UploadStore open() throws IOException {
        String url = "jdbc:h2:file:" + directory.resolve("catalogue");
        return UploadStore.inDirectory(directory, FsyncPolicy.NONE)
                .withCatalogue(JdbcCatalogue.at(url, Optional.of("sa"), Optional.empty()));
    }
}
