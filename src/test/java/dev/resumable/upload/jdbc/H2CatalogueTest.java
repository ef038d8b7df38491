// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a catalogue in H2")
class H2CatalogueTest extends DatabaseContract {

    @TempDir
    private Path directory;

    @Override
    protected UploadStore open() throws IOException {
        return UploadStore.inDirectory(directory, FsyncPolicy.NONE)
                .withCatalogue(JdbcCatalogue.at(url(), Optional.of("sa"), Optional.empty()));
    }

    private String url() {
        return "jdbc:h2:file:" + directory.resolve("catalogue");
    }

    @Override
    protected DataSource source() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url());
        source.setUser("sa");
        return source;
    }

    @Test
    void nothingIsWrittenLaterThanItIsPromised() throws Exception {
        try (Connection connection = source().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT setting_value FROM information_schema.settings WHERE setting_name = 'WRITE_DELAY'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("0");
        }
    }
}
