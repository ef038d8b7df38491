// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Warnings;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a catalogue in PostgreSQL")
class PostgresCatalogueTest extends DatabaseContract {

    private static EmbeddedPostgres server;
    private static int databases;

    @TempDir
    private Path directory;

    private String database;

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "there is a server for Linux on amd64 alone");
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private String database() throws IOException {
        if (database == null) {
            database = "uploads" + databases++;
            execute("CREATE DATABASE " + database);
        }
        return database;
    }

    private void execute(String sql) throws IOException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    protected UploadStore open() throws IOException {
        return UploadStore.inDirectory(directory, FsyncPolicy.NONE)
                .withCatalogue(JdbcCatalogue.at(
                        server.getJdbcUrl("postgres", database()), Optional.of("postgres"), Optional.empty()));
    }

    @Override
    protected DataSource source() throws IOException {
        return server.getDatabase("postgres", database());
    }

    @Test
    @DisplayName("needs no right to make tables that are there, and none to make an index")
    void tablesAreThere() throws Exception {
        execute("CREATE ROLE poor LOGIN");
        try (Connection owner = server.getDatabase("postgres", database()).getConnection();
                Statement statement = owner.createStatement()) {
            statement.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            statement.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO poor");
        }
        try (Warnings warnings = Warnings.of(JdbcCatalogue.class);
                JdbcCatalogue catalogue = JdbcCatalogue.of(server.getDatabase("poor", database()))) {
            assertThat(catalogue.list("alice")).isEmpty();
            assertThat(warnings.caught()).isEmpty();
        }
        execute(source(), "DROP INDEX " + INDEX);
        try (Warnings warnings = Warnings.of(JdbcCatalogue.class);
                JdbcCatalogue catalogue = JdbcCatalogue.of(server.getDatabase("poor", database()))) {
            assertThat(warnings.caught()).hasSize(1);
            assertThat(catalogue.list("alice", Optional.empty(), 5)).isEmpty();
        }
        assertThat(hasIndex(source())).isFalse();
    }
}
