// SPDX-License-Identifier: Apache-2.0
/**
 * The catalogue of finished files in a database.
 *
 * <p>Entry point: {@link dev.resumable.upload.jdbc.JdbcCatalogue}. The package needs the module java.sql, and HikariCP where
 * it makes connections itself; nothing else of the library needs either.
 */
@NullMarked
package dev.resumable.upload.jdbc;

import org.jspecify.annotations.NullMarked;
