// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.servlet.InitParameters;
import java.util.Optional;

/**
 * Where the catalogue of finished files is: in the directory of the uploads, or in a database.
 *
 * @param catalogueJndi the name of a {@code javax.sql.DataSource} of the container
 * @param catalogueUrl the JDBC URL of a database, to which connections are made by HikariCP
 * @param catalogueUser who connects to the URL
 * @param cataloguePassword of that user
 */
public record CatalogueConfig(
        Optional<String> catalogueJndi,
        Optional<String> catalogueUrl,
        Optional<String> catalogueUser,
        Optional<String> cataloguePassword) {

    /** Checks that there is one place, not two. */
    public CatalogueConfig {
        if (catalogueJndi.isPresent() && catalogueUrl.isPresent()) {
            throw new IllegalArgumentException("the catalogue has a name (jndi) or a url, not both");
        }
        if (catalogueUrl.isEmpty() && (catalogueUser.isPresent() || cataloguePassword.isPresent())) {
            throw new IllegalArgumentException("user and password of the catalogue are for its url");
        }
    }

    /** In the directory of the uploads. */
    public static CatalogueConfig inDirectory() {
        return new CatalogueConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** In the database of a source that the container has under this name. */
    public static CatalogueConfig named(String jndiName) {
        return new CatalogueConfig(Optional.of(jndiName), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** In the database of a URL. */
    public static CatalogueConfig at(String url, Optional<String> user, Optional<String> password) {
        return new CatalogueConfig(Optional.empty(), Optional.of(url), user, password);
    }

    static CatalogueConfig from(InitParameters parameters) {
        Optional<String> name = parameters.text("catalogue-jndi");
        Optional<String> url = parameters.text("catalogue-url");
        Optional<String> user = parameters.text("catalogue-user");
        Optional<String> password = parameters.text("catalogue-password");
        if (name.isPresent() && url.isPresent()) {
            throw parameters.malformed("catalogue-jndi", name.get(), "none, if there is a catalogue-url");
        }
        if (user.isPresent() && url.isEmpty()) {
            throw parameters.malformed("catalogue-user", user.get(), "none, if there is no catalogue-url");
        }
        return new CatalogueConfig(name, url, user, url.isPresent() ? password : Optional.empty());
    }

    /** Without what may be secret: a URL may have a password in it too. */
    @Override
    public String toString() {
        return "CatalogueConfig["
                + catalogueJndi.or(() -> catalogueUrl.map(url -> "by URL")).orElse("in the directory") + "]";
    }
}
