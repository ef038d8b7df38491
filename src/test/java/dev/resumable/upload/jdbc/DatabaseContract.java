// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Warnings;
import dev.resumable.upload.store.Catalogue.Position;
import dev.resumable.upload.store.CatalogueContract;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a catalogue does in every database. */
abstract class DatabaseContract extends CatalogueContract {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901Z");
    static final String INDEX = "resumable_user_file_created";
    /** Rows that a step of a plan has met, in the words of H2 and of PostgreSQL. */
    private static final Pattern LOOKED_AT = Pattern.compile("(?:scanCount: |actual [^)]*rows=)(\\d+)");

    private static final int FILES = 3_000;
    private static final int OF_ONE_MOMENT = 5;

    /** The database of the test, whose tables are there. */
    protected abstract DataSource source() throws Exception;

    private static StoredFile file() {
        return new StoredFile(FileId.random(), "o", "n", Optional.empty(), 1, "00".repeat(32), UploadId.random(), NOW);
    }

    /** Many files of one owner, each five at another moment, the newest at {@link #NOW}. */
    private static void fill(DataSource source) throws Exception {
        try (JdbcCatalogue catalogue = JdbcCatalogue.of(source)) {
            catalogue.add(file());
        }
        String copy = "INSERT INTO resumable_user_file (id, owner_key, owner_name, file_name, media_type, sha256,"
                + " size_bytes, created) SELECT ?, owner_key, owner_name, file_name, media_type, sha256, size_bytes, ?"
                + " FROM resumable_user_file WHERE created = ? FETCH FIRST 1 ROW ONLY";
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(copy)) {
            for (int i = 1; i < FILES; i++) {
                statement.setObject(1, FileId.random().value());
                statement.setObject(2, Tables.time(NOW.minusMillis(i / OF_ONE_MOMENT)));
                statement.setObject(3, Tables.time(NOW));
                statement.addBatch();
            }
            statement.executeBatch();
        }
        execute(source, "ANALYZE");
    }

    static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    static boolean hasIndex(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                ResultSet rows = connection.getMetaData().getIndexInfo(null, null, table(connection), false, true)) {
            boolean found = false;
            while (rows.next()) {
                found |= INDEX.equalsIgnoreCase(rows.getString("INDEX_NAME"));
            }
            return found;
        }
    }

    private static String table(Connection connection) throws SQLException {
        String name = "resumable_user_file";
        return connection.getMetaData().storesUpperCaseIdentifiers() ? name.toUpperCase(Locale.ROOT) : name;
    }

    @Test
    @DisplayName("reads no more for a page than it has, and some files of a moment")
    void readsAPage() throws Exception {
        fill(source());
        ReadRows read = new ReadRows();
        try (JdbcCatalogue catalogue = JdbcCatalogue.of(read.of(source()))) {
            Optional<Position> after = Optional.empty();
            for (int page = 0; page < 4; page++) {
                read.forget();
                List<StoredFile> files = catalogue.list("o", after, 7);
                assertThat(files).hasSize(7);
                assertThat(read.count()).isBetween(7, 7 + 2 * OF_ONE_MOMENT);
                after = Optional.of(Position.of(files.get(6)));
            }
        }
    }

    @Test
    @DisplayName("looks at no more rows for a page either, by an index in its order")
    void usesAnIndex() throws Exception {
        DataSource source = source();
        fill(source);
        ReadRows read = new ReadRows();
        try (JdbcCatalogue catalogue = JdbcCatalogue.of(read.of(source))) {
            read.forget();
            catalogue.list("o", Optional.empty(), 7);
        }
        assertThat(read.statements()).hasSize(1);

        String plan = plan(source, read.statements().get(0));
        assertThat(plan).containsIgnoringCase(INDEX);
        List<Integer> rows = LOOKED_AT
                .matcher(plan)
                .results()
                .map(match -> Integer.parseInt(match.group(1)))
                .toList();
        assertThat(rows).as(plan).isNotEmpty().allMatch(count -> count < 50);
    }

    private static String plan(DataSource source, String page) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement("EXPLAIN ANALYZE " + page)) {
            statement.setObject(1, Tables.key("o"));
            statement.setObject(2, Tables.time(NOW.minusMillis(100)));
            statement.setObject(3, 7);
            StringBuilder plan = new StringBuilder();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }

    @Test
    @DisplayName("makes the index of a database from before")
    void makesTheIndex() throws Exception {
        DataSource source = source();
        execute(source, "DROP INDEX " + INDEX);
        assertThat(hasIndex(source)).isFalse();
        try (Warnings warnings = Warnings.of(JdbcCatalogue.class)) {
            JdbcCatalogue.of(source).close();
            assertThat(hasIndex(source)).isTrue();
            JdbcCatalogue.of(source).close();
            assertThat(warnings.caught()).isEmpty();
        }
    }
}
