// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import dev.resumable.upload.store.StorageFullException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Runs work in transactions; work that others were in the way of is done again, from its beginning. */
final class Transactions {

    private static final int ATTEMPTS = 25;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(4);

    private final DataSource source;
    private final Durability durability;

    /** When a committed change survives the end of the process. */
    private enum Durability {
        /** Once it is committed. */
        AT_COMMIT,
        /** H2 writes half a second later, unless it is asked to at once. */
        AT_CHECKPOINT
    }

    /** Some work; it may be done several times. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    Transactions(DataSource source) throws IOException {
        this.source = source;
        try (Connection connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            this.durability = product.equals("H2") ? Durability.AT_CHECKPOINT : Durability.AT_COMMIT;
            if (durability == Durability.AT_CHECKPOINT) {
                // Ends its background writer. A checkpoint that comes while that writes takes the change for written,
                // and
                // returns before it is (H2 2.4 and newer).
                execute(connection, "SET WRITE_DELAY 0");
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Reads. */
    <T> T read(Work<T> work) throws IOException {
        return run(work, Durability.AT_COMMIT);
    }

    /** Changes something; the change is durable when this returns. */
    <T> T change(Work<T> work) throws IOException {
        return run(work, durability);
    }

    private <T> T run(Work<T> work, Durability when) throws IOException {
        int attempt = 1;
        while (true) {
            try (Connection connection = source.getConnection()) {
                T result = inTransaction(connection, work);
                if (when == Durability.AT_CHECKPOINT) {
                    execute(connection, "CHECKPOINT SYNC");
                }
                return result;
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !othersWereInTheWay(e)) {
                    throw failure(e);
                }
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(attempt * PAUSE));
            attempt++;
        }
    }

    private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
        boolean before = connection.getAutoCommit();
        connection.setAutoCommit(false);
        T result;
        try {
            result = work.run(connection);
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
                connection.setAutoCommit(before);
            } catch (SQLException lost) {
                // Without a rollback nothing may be switched: that would commit.
                e.addSuppressed(lost);
            }
            throw e;
        }
        connection.setAutoCommit(before);
        return result;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean othersWereInTheWay(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        // ISO 9075: class 23, a key that is there already; class 40, a deadlock, or an order that cannot be kept.
        return state.startsWith("23") || state.startsWith("40") || state.equals("HYT00");
    }

    private static IOException failure(SQLException e) {
        return isFull(e) ? new StorageFullException(e) : new IOException("the database of the catalogue: " + e, e);
    }

    private static boolean isFull(SQLException e) {
        if ("53100".equals(e.getSQLState())) {
            return true;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // An embedded database has no state of its own for it, but the message of the system.
            if (String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("no space left")) {
                return true;
            }
        }
        return false;
    }
}
