// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.ServiceLoader;
import javax.sql.DataSource;

/** Connections to the database of a URL; the only class that knows HikariCP. */
final class ConnectionPool implements Closeable {

    private static final int CONNECTIONS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HikariDataSource source;

    private ConnectionPool(HikariDataSource source) {
        this.source = source;
    }

    /**
     * Opens the pool, with a first connection.
     *
     * @throws IllegalArgumentException if there is no driver for the URL
     */
    static ConnectionPool open(String url, Optional<String> user, Optional<String> password) throws IOException {
        HikariConfig config = new HikariConfig();
        config.setPoolName("resumable-catalogue");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE.toMillis());
        config.setDriverClassName(driver(url));
        config.setJdbcUrl(url);
        user.ifPresent(config::setUsername);
        password.ifPresent(config::setPassword);
        try {
            return new ConnectionPool(new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            throw new IOException("the database of the catalogue: " + e.getCause(), e);
        }
    }

    /**
     * The class of the driver. {@link java.sql.DriverManager} would be simpler, but in a container that has used it before, it
     * knows nothing of the drivers of applications.
     */
    private static String driver(String url) {
        for (Driver driver : ServiceLoader.load(Driver.class)) {
            if (accepts(driver, url)) {
                return driver.getClass().getName();
            }
        }
        throw new IllegalArgumentException(
                "there is no JDBC driver for \"" + scheme(url) + "\": add it to the application");
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            return false;
        }
    }

    /** What of a URL can be shown: the rest may have a password in it. */
    private static String scheme(String url) {
        int end = url.indexOf(':', url.indexOf(':') + 1);
        return end < 0 ? url : url.substring(0, end + 1);
    }

    DataSource source() {
        return source;
    }

    @Override
    public void close() {
        source.close();
    }
}
