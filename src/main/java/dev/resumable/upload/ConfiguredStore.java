// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.jdbc.JdbcCatalogue;
import dev.resumable.upload.store.Catalogue;
import dev.resumable.upload.store.UploadStore;
import java.io.IOException;

/** Opens the store that a configuration describes. */
final class ConfiguredStore {

    private ConfiguredStore() {}

    /**
     * A directory, perhaps with its catalogue in a database.
     *
     * @throws IllegalArgumentException if a library that this needs is missing
     * @throws IOException if directory or database cannot be used
     */
    static UploadStore open(UploadConfig config) throws IOException {
        UploadStore directory = UploadStore.inDirectory(config.directory(), config.fsync());
        CatalogueConfig place = config.catalogue();
        if (place.catalogueJndi().isEmpty() && place.catalogueUrl().isEmpty()) {
            return directory;
        }
        try {
            return directory.withCatalogue(catalogue(place));
        } catch (IOException | RuntimeException | LinkageError e) {
            directory.close();
            throw e;
        }
    }

    private static Catalogue catalogue(CatalogueConfig place) throws IOException {
        return place.catalogueJndi().isPresent()
                ? JdbcCatalogue.named(place.catalogueJndi().get())
                : JdbcCatalogue.at(
                        place.catalogueUrl().orElseThrow(), place.catalogueUser(), place.cataloguePassword());
    }
}
