// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import dev.resumable.upload.store.Catalogue;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The finished files in two tables of a database, changed in one transaction; see {@link Tables} for what is in them.
 *
 * <p>Any number of threads and processes may use it at a time, each with a connection of its own. Times are kept to the
 * microsecond. The database must belong to one directory of blobs alone.
 */
public final class JdbcCatalogue implements Catalogue, Closeable {

    private static final Logger LOG = System.getLogger(JdbcCatalogue.class.getName());

    private static final String FILES = "SELECT f.id, f.owner_name, f.file_name, f.media_type, f.size_bytes, f.sha256,"
            + " u.blob_id, f.created FROM resumable_user_file f"
            + " JOIN resumable_unique_file u ON u.sha256 = f.sha256 AND u.size_bytes = f.size_bytes ";

    /** Of one owner, before a moment, with all of the last moment: which of those come first is for {@link Position} to say. */
    private static final String PAGE = FILES + "WHERE f.owner_key = ? AND f.created < ?"
            + " ORDER BY f.owner_key, f.created DESC FETCH FIRST ? ROWS WITH TIES";

    private static final String MOMENT = FILES + "WHERE f.owner_key = ? AND f.created = ?";

    private final Transactions transactions;
    private final Closeable connections;

    private JdbcCatalogue(DataSource source, Closeable connections) throws IOException {
        this.transactions = new Transactions(source);
        this.connections = connections;
        transactions.change(connection -> {
            Tables.createIfAbsent(connection);
            return connection;
        });
        makePagesFast();
    }

    /** In a transaction of its own: whoever may not make an index of an older database can do without. */
    private void makePagesFast() {
        try {
            transactions.change(connection -> {
                Tables.indexIfAbsent(connection);
                return connection;
            });
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "pages of files are slow for want of an index, which cannot be made: {0}",
                    e.toString());
        }
    }

    /**
     * The catalogue in a database, whose tables are made if they are missing; {@link #close()} leaves the source open.
     *
     * @throws IOException if the database cannot be used
     */
    public static JdbcCatalogue of(DataSource source) throws IOException {
        return new JdbcCatalogue(source, () -> {});
    }

    /**
     * The same, with a source that the container has under this name, below {@code java:comp/env/} unless it begins with {@code java:}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static JdbcCatalogue named(String name) throws IOException {
        return of(NamedSource.find(name));
    }

    /**
     * The same, with connections that {@link #close()} closes.
     *
     * @throws IllegalArgumentException if HikariCP or the driver is missing
     */
    public static JdbcCatalogue at(String url, Optional<String> user, Optional<String> password) throws IOException {
        ConnectionPool pool = pool(url, user, password);
        try {
            return new JdbcCatalogue(pool.source(), pool);
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static ConnectionPool pool(String url, Optional<String> user, Optional<String> password)
            throws IOException {
        try {
            return ConnectionPool.open(url, user, password);
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    "a catalogue by URL needs HikariCP: add com.zaxxer:HikariCP to the application", e);
        }
    }

    // ---- looking

    @Override
    public Optional<StoredFile> find(String owner, FileId id) throws IOException {
        return transactions
                .read(connection -> find(connection, id))
                .filter(file -> file.owner().equals(owner));
    }

    private static Optional<StoredFile> find(Connection connection, FileId id) throws SQLException {
        return files(connection, "WHERE f.id = ?", id.value()).stream().findFirst();
    }

    @Override
    public Optional<StoredFile> find(String owner, String sha256, long size) throws IOException {
        return transactions
                .read(connection -> files(
                        connection,
                        "WHERE f.owner_key = ? AND f.sha256 = ? AND f.size_bytes = ?"
                                + " ORDER BY f.created, f.id FETCH FIRST 1 ROW ONLY",
                        Tables.key(owner),
                        sha256,
                        size))
                .stream()
                .findFirst();
    }

    @Override
    public List<StoredFile> list(String owner) throws IOException {
        return transactions.read(connection ->
                files(connection, "WHERE f.owner_key = ? ORDER BY f.created DESC, f.id", Tables.key(owner)));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Implementation note: databases differ in how they order ids, by their collation. So they order moments alone.
     */
    @Override
    public List<StoredFile> list(String owner, Optional<Position> after, int limit) throws IOException {
        String key = Tables.key(owner);
        OffsetDateTime before = Tables.moment(after);
        List<StoredFile> some = transactions.read(connection -> {
            List<StoredFile> files = new ArrayList<>();
            if (after.isPresent()) {
                files.addAll(select(connection, MOMENT, key, before));
            }
            files.addAll(select(connection, PAGE, key, before, limit));
            return files;
        });
        return some.stream()
                .sorted(Comparator.comparing(Position::of, Position.ORDER))
                .filter(file -> after.isEmpty() || Position.ORDER.compare(after.get(), Position.of(file)) < 0)
                .limit(limit)
                .toList();
    }

    @Override
    public long storedBytes(String owner) throws IOException {
        String sum = "SELECT COALESCE(SUM(size_bytes), 0) FROM resumable_user_file WHERE owner_key = ?";
        return transactions.read(connection -> {
            try (PreparedStatement statement = prepared(connection, sum, Tables.key(owner));
                    ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        });
    }

    @Override
    public List<UploadId> unreferenced() throws IOException {
        return transactions.read(connection -> {
            List<UploadId> blobs = new ArrayList<>();
            try (PreparedStatement statement = prepared(connection, "SELECT blob_id FROM resumable_removed_blob");
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    blobs.add(new UploadId(rows.getString(1)));
                }
            }
            return blobs;
        });
    }

    // ---- changes: each locks the unique file first, so that no two wait for each other

    @Override
    public StoredFile add(StoredFile file) throws IOException {
        Optional<StoredFile> added = transactions.change(connection -> {
            Optional<StoredFile> present = find(connection, file.id());
            if (present.isPresent()) {
                return present;
            }
            // Locked before looking: its last reference may be about to go.
            lock(connection, file.sha256(), file.size());
            return isRemoved(connection, file.blob()) ? Optional.empty() : Optional.of(insert(connection, file));
        });
        return added.orElseThrow(() -> new NoSuchFileException(file.blob().value()));
    }

    private static boolean isRemoved(Connection connection, UploadId blob) throws SQLException {
        String select = "SELECT blob_id FROM resumable_removed_blob WHERE blob_id = ?";
        try (PreparedStatement statement = prepared(connection, select, blob.value());
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    /** If another transaction inserts the same, this one fails on a key, and is done again on what that one has made. */
    private static StoredFile insert(Connection connection, StoredFile file) throws SQLException {
        int counted = update(
                connection,
                "UPDATE resumable_unique_file SET reference_count = reference_count + 1"
                        + " WHERE sha256 = ? AND size_bytes = ?",
                file.sha256(),
                file.size());
        if (counted == 0) {
            update(
                    connection,
                    "INSERT INTO resumable_unique_file (sha256, size_bytes, blob_id, reference_count) VALUES (?, ?, ?, 1)",
                    file.sha256(),
                    file.size(),
                    file.blob().value());
        }
        update(
                connection,
                "INSERT INTO resumable_user_file (id, owner_key, owner_name, file_name, media_type, sha256, size_bytes,"
                        + " created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                file.id().value(),
                Tables.key(file.owner()),
                file.owner(),
                file.fileName(),
                file.mediaType().orElse(""),
                file.sha256(),
                file.size(),
                Tables.time(file.created()));
        return find(connection, file.id()).orElseThrow(() -> new SQLException("a row is gone that was just inserted"));
    }

    @Override
    public Optional<UploadId> remove(StoredFile file) throws IOException {
        return transactions.change(connection -> {
            Optional<Unique> unique = lock(connection, file.sha256(), file.size());
            int removed = unique.isEmpty()
                    ? 0
                    : update(
                            connection,
                            "DELETE FROM resumable_user_file WHERE id = ? AND sha256 = ? AND size_bytes = ?",
                            file.id().value(),
                            file.sha256(),
                            file.size());
            return removed == 0 ? Optional.empty() : release(connection, file, unique.get());
        });
    }

    /** A row of unique files. */
    private record Unique(UploadId blob, long references) {}

    private static Optional<Unique> lock(Connection connection, String sha256, long size) throws SQLException {
        String select = "SELECT blob_id, reference_count FROM resumable_unique_file"
                + " WHERE sha256 = ? AND size_bytes = ? FOR UPDATE";
        try (PreparedStatement statement = prepared(connection, select, sha256, size);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new Unique(new UploadId(row.getString(1)), row.getLong(2)))
                    : Optional.empty();
        }
    }

    private static Optional<UploadId> release(Connection connection, StoredFile file, Unique unique)
            throws SQLException {
        if (unique.references() > 1) {
            update(
                    connection,
                    "UPDATE resumable_unique_file SET reference_count = reference_count - 1"
                            + " WHERE sha256 = ? AND size_bytes = ?",
                    file.sha256(),
                    file.size());
            return Optional.empty();
        }
        update(
                connection,
                "DELETE FROM resumable_unique_file WHERE sha256 = ? AND size_bytes = ?",
                file.sha256(),
                file.size());
        // So that the bytes are not forgotten if the process ends before they are removed.
        update(
                connection,
                "INSERT INTO resumable_removed_blob (blob_id) VALUES (?)",
                unique.blob().value());
        return Optional.of(unique.blob());
    }

    @Override
    public void forget(UploadId blob) throws IOException {
        transactions.change(
                connection -> update(connection, "DELETE FROM resumable_removed_blob WHERE blob_id = ?", blob.value()));
    }

    // ---- statements

    private static List<StoredFile> files(Connection connection, String condition, Object... values)
            throws SQLException {
        return select(connection, FILES + condition, values);
    }

    private static List<StoredFile> select(Connection connection, String sql, Object... values) throws SQLException {
        List<StoredFile> files = new ArrayList<>();
        try (PreparedStatement statement = prepared(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                files.add(Tables.file(rows));
            }
        }
        return files;
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(connection, sql, values)) {
            return statement.executeUpdate();
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
