// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** A source of connections that the container has. */
final class NamedSource {

    private static final String ENVIRONMENT = "java:comp/env/";

    private NamedSource() {}

    /**
     * The source of this name, which begins with {@code java:} or is one in the environment of the application.
     *
     * @throws IllegalArgumentException if there is none
     */
    // The deployer says the name, and it never leads out of the container.
    @SuppressWarnings("BanJNDI")
    static DataSource find(String name) {
        try {
            Object found = new InitialContext().lookup(name.startsWith("java:") ? name : ENVIRONMENT + name);
            if (found instanceof DataSource source) {
                return source;
            }
            throw new IllegalArgumentException("\"" + name + "\" is not a DataSource but " + found);
        } catch (NamingException e) {
            throw new IllegalArgumentException("there is no DataSource \"" + name + "\": " + e, e);
        }
    }
}
