// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Notes what is asked of a database, and how many rows are read. */
final class ReadRows {

    private final AtomicInteger rows = new AtomicInteger();
    private final List<String> statements = new ArrayList<>();

    /** The same source, watched. */
    DataSource of(DataSource source) {
        return Wrapped.of(DataSource.class, (method, arguments) -> {
            Object result = method.invoke(source, arguments);
            return result instanceof Connection connection ? of(connection) : result;
        });
    }

    private Connection of(Connection connection) {
        return Wrapped.of(Connection.class, (method, arguments) -> {
            Object result = method.invoke(connection, arguments);
            if (result instanceof PreparedStatement statement) {
                statements.add(arguments[0].toString());
                return of(statement);
            }
            return result;
        });
    }

    private PreparedStatement of(PreparedStatement statement) {
        return Wrapped.of(PreparedStatement.class, (method, arguments) -> {
            Object result = method.invoke(statement, arguments);
            return result instanceof ResultSet set ? of(set) : result;
        });
    }

    private ResultSet of(ResultSet set) {
        return Wrapped.of(ResultSet.class, (method, arguments) -> {
            Object result = method.invoke(set, arguments);
            if (method.getName().equals("next") && result.equals(true)) {
                rows.incrementAndGet();
            }
            return result;
        });
    }

    void forget() {
        rows.set(0);
        statements.clear();
    }

    int count() {
        return rows.get();
    }

    /** The statements that were prepared, in their order. */
    List<String> statements() {
        return statements;
    }
}
