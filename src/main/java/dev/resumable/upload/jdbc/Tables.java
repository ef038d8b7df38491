// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import dev.resumable.upload.store.Catalogue.Position;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The tables of a {@link JdbcCatalogue}, in SQL that H2 and PostgreSQL both understand.
 *
 * <p>{@code resumable_unique_file} has the bytes that are kept once, and how many files refer to them;
 * {@code resumable_user_file} the files of owners; {@code resumable_removed_blob} blobs that nothing refers to any more and
 * that may still be there.
 *
 * <p>Owners are looked up by the SHA-256 of their name: it has a length that every index can take, and is the same only for
 * the same name, whatever the database thinks of upper and lower case.
 */
final class Tables {

    private static final List<String> CREATION = List.of("""
            CREATE TABLE IF NOT EXISTS resumable_unique_file (
              sha256 VARCHAR(64) NOT NULL,
              size_bytes BIGINT NOT NULL,
              blob_id VARCHAR(24) NOT NULL,
              reference_count BIGINT NOT NULL,
              PRIMARY KEY (sha256, size_bytes))
            """, """
            CREATE TABLE IF NOT EXISTS resumable_user_file (
              id VARCHAR(24) NOT NULL PRIMARY KEY,
              owner_key VARCHAR(64) NOT NULL,
              owner_name VARCHAR NOT NULL,
              file_name VARCHAR NOT NULL,
              media_type VARCHAR NOT NULL,
              sha256 VARCHAR(64) NOT NULL,
              size_bytes BIGINT NOT NULL,
              created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
              FOREIGN KEY (sha256, size_bytes) REFERENCES resumable_unique_file (sha256, size_bytes))
            """, """
            CREATE INDEX IF NOT EXISTS resumable_user_file_owner
              ON resumable_user_file (owner_key, sha256, size_bytes)
            """, """
            CREATE TABLE IF NOT EXISTS resumable_removed_blob (
              blob_id VARCHAR(24) NOT NULL PRIMARY KEY)
            """);

    /** Made last: where it is, the others are too. */
    private static final String LAST = "resumable_removed_blob";

    private static final String FILES = "resumable_user_file";
    private static final String PAGES = "resumable_user_file_created";

    /** Beyond these, databases differ in what they take. No file is so old or so new. */
    private static final Instant OLDEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant NEWEST = Instant.parse("9999-12-31T00:00:00Z");

    private Tables() {}

    /** Makes what is missing. Where nothing is, the user of the database need not be allowed to make tables. */
    static void createIfAbsent(Connection connection) throws SQLException {
        if (isThere(connection)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            for (String creation : CREATION) {
                statement.execute(creation);
            }
        }
    }

    private static boolean isThere(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String name = stored(database, LAST);
        try (ResultSet tables = database.getTables(connection.getCatalog(), connection.getSchema(), name, null)) {
            return tables.next();
        }
    }

    private static String stored(DatabaseMetaData database, String name) throws SQLException {
        return database.storesUpperCaseIdentifiers() ? name.toUpperCase(Locale.ROOT) : name;
    }

    /** Makes the index of pages, which older databases lack; it changes no answer, only how much is read for it. */
    static void indexIfAbsent(Connection connection) throws SQLException {
        // Not left to the statement, which asks for the right to make an index also where it is there.
        if (!hasIndex(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "CREATE INDEX IF NOT EXISTS " + PAGES + " ON " + FILES + " (owner_key, created DESC)");
            }
        }
    }

    private static boolean hasIndex(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String table = stored(database, FILES);
        String schema = connection.getSchema();
        try (ResultSet rows = database.getIndexInfo(connection.getCatalog(), schema, table, false, true)) {
            while (rows.next()) {
                if (PAGES.equalsIgnoreCase(rows.getString("INDEX_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** The key of an owner. */
    static String key(String owner) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(owner.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A time as the tables have it. */
    static OffsetDateTime time(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    /** The moment before which files lie behind a position, and in which they may; without one, all lie before it. */
    static OffsetDateTime moment(Optional<Position> after) {
        Instant moment = after.map(Position::created).orElse(NEWEST);
        return time(moment.isBefore(OLDEST) ? OLDEST : moment.isAfter(NEWEST) ? NEWEST : moment);
    }

    /** The file of a row: id, owner, file name, media type, size, SHA-256, blob, time. */
    static StoredFile file(ResultSet row) throws SQLException {
        return new StoredFile(
                new FileId(row.getString(1)),
                row.getString(2),
                row.getString(3),
                Optional.of(row.getString(4)).filter(type -> !type.isEmpty()),
                row.getLong(5),
                row.getString(6),
                new UploadId(row.getString(7)),
                row.getObject(8, OffsetDateTime.class).toInstant());
    }
}
