// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StorageFullException;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import javax.naming.Context;
import javax.sql.DataSource;
import org.apache.naming.ContextBindings;
import org.apache.naming.NamingContext;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@DisplayName("a catalogue in a database")
class JdbcCatalogueTest {

    private static StoredFile file() {
        return new StoredFile(
                FileId.random(), "o", "n", Optional.empty(), 1, "00".repeat(32), UploadId.random(), Instant.now());
    }

    private static JdbcDataSource inMemory(TestInfo test) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + test.getTestMethod().orElseThrow().getName() + ";DB_CLOSE_DELAY=-1");
        return source;
    }

    /** Connections whose next commits fail with these states, after or instead of committing. */
    private static DataSource failing(DataSource source, Queue<String> states) {
        return Wrapped.of(DataSource.class, (method, arguments) -> {
            Object result = method.invoke(source, arguments);
            return result instanceof Connection connection ? failing(connection, states) : result;
        });
    }

    private static Connection failing(Connection connection, Queue<String> states) {
        return Wrapped.of(Connection.class, (method, arguments) -> {
            if (method.getName().equals("commit") && !states.isEmpty()) {
                throw new SQLException("on purpose", states.remove());
            }
            return method.invoke(connection, arguments);
        });
    }

    @Test
    @DisplayName("tries again after a deadlock or a key that came first, from the beginning")
    void triesAgain(TestInfo test) throws IOException {
        Queue<String> states = new ArrayDeque<>();
        try (JdbcCatalogue catalogue = JdbcCatalogue.of(failing(inMemory(test), states))) {
            states.addAll(List.of("40001", "23505", "40P01"));
            StoredFile file = catalogue.add(file());

            assertThat(states).isEmpty();
            assertThat(catalogue.list("o")).containsExactly(file);
            assertThat(catalogue.remove(file)).as("referred to once").contains(file.blob());
        }
    }

    @Test
    @DisplayName("changes nothing where the database fails for good")
    void fails(TestInfo test) throws IOException {
        Queue<String> states = new ArrayDeque<>();
        try (JdbcCatalogue catalogue = JdbcCatalogue.of(failing(inMemory(test), states))) {
            states.add("08006");
            assertThatThrownBy(() -> catalogue.add(file())).isInstanceOf(IOException.class);
            states.add("53100");
            assertThatThrownBy(() -> catalogue.add(file())).isInstanceOf(StorageFullException.class);

            assertThat(catalogue.list("o")).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("BanJNDI")
    @DisplayName("finds its source by JNDI, by its whole name or by that in the environment")
    void jndi(TestInfo test) throws Exception {
        String packages = System.getProperty(Context.URL_PKG_PREFIXES, "");
        System.setProperty(Context.URL_PKG_PREFIXES, "org.apache.naming");
        NamingContext root = new NamingContext(new Hashtable<>(), "test");
        Context jdbc = root.createSubcontext("comp").createSubcontext("env").createSubcontext("jdbc");
        jdbc.bind("uploads", inMemory(test));
        jdbc.bind("text", "no source");
        ContextBindings.bindContext(this, root, this);
        ContextBindings.bindThread(this, this);
        try {
            StoredFile file;
            try (JdbcCatalogue catalogue = JdbcCatalogue.named("jdbc/uploads")) {
                file = catalogue.add(file());
            }
            try (JdbcCatalogue catalogue = JdbcCatalogue.named("java:comp/env/jdbc/uploads")) {
                assertThat(catalogue.list("o")).containsExactly(file);
            }
            assertThatThrownBy(() -> JdbcCatalogue.named("jdbc/none"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no DataSource \"jdbc/none\"");
            assertThatThrownBy(() -> JdbcCatalogue.named("jdbc/text"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a DataSource");
        } finally {
            ContextBindings.unbindThread(this, this);
            ContextBindings.unbindContext(this, this);
            System.setProperty(Context.URL_PKG_PREFIXES, packages);
        }
    }

    @Test
    @DisplayName("says which library is missing")
    void withoutPool() throws Exception {
        URL library = JdbcCatalogue.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader alone = new URLClassLoader(new URL[] {library}, ClassLoader.getPlatformClassLoader())) {
            var at = alone.loadClass(JdbcCatalogue.class.getName())
                    .getMethod("at", String.class, Optional.class, Optional.class);

            assertThatThrownBy(() -> at.invoke(null, "jdbc:h2:mem:x", Optional.empty(), Optional.empty()))
                    .hasCauseInstanceOf(IllegalArgumentException.class)
                    .cause()
                    .hasMessageContaining("add com.zaxxer:HikariCP");
        }
    }
}
