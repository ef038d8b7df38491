// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Leads the URLs and cookies of an upstream server back to this one: only those within the base that is mapped here.
 *
 * <p>What is led back is a path without scheme and host: it holds for whatever name the client knows this server by, and a forged
 * Host field cannot get into it.
 *
 * @param base the base URL of the target
 * @param prefix the path on this server that stands for it
 */
record PublicLocations(UpstreamUri base, String prefix) {

    /** Location, Content-Location and Refresh. */
    void rewriteLocations(FieldSection fields) {
        rewrite(fields, "Location", this::publicReference);
        rewrite(fields, "Content-Location", this::publicReference);
        rewrite(fields, "Refresh", this::publicRefresh);
    }

    /** The attributes Path and Domain of Set-Cookie; name, value and all else stay as they are, in their order. */
    void rewriteCookies(FieldSection fields) {
        rewrite(fields, "Set-Cookie", this::publicCookie);
    }

    private static void rewrite(FieldSection fields, String name, UnaryOperator<String> change) {
        List<String> values = fields.lines(name);
        fields.remove(name);
        values.forEach(value -> fields.add(name, change.apply(value)));
    }

    private String publicReference(String reference) {
        int fragmentAt = reference.indexOf('#');
        String fragment = fragmentAt < 0 ? "" : reference.substring(fragmentAt);
        String url = fragmentAt < 0 ? reference : reference.substring(0, fragmentAt);
        String absolute = url.startsWith("//")
                ? base.scheme() + ":" + url
                : url.startsWith("/") ? base.scheme() + "://" + base.authority() + url : url;
        return UpstreamUri.parse(absolute)
                .filter(uri -> uri.scheme().equals(base.scheme())
                        && uri.host().equals(base.host())
                        && uri.port() == base.port())
                .flatMap(uri -> publicPath(uri.path())
                        .map(path ->
                                path + uri.query().map(query -> "?" + query).orElse("")))
                .map(path -> path + fragment)
                .orElse(reference);
    }

    /** The path on this server for one of the target, if it is the base or below it. */
    private Optional<String> publicPath(String path) {
        String root =
                base.path().endsWith("/") ? base.path().substring(0, base.path().length() - 1) : base.path();
        boolean within = path.startsWith(root) && (path.length() == root.length() || path.charAt(root.length()) == '/');
        String rest = within ? path.substring(root.length()) : "";
        String both = prefix + (rest.isEmpty() ? "/" : rest);
        // Two slashes would name another host.
        return within && !both.startsWith("//") ? Optional.of(both) : Optional.empty();
    }

    private String publicRefresh(String value) {
        int at = value.toLowerCase(Locale.ROOT).indexOf("url=");
        return at < 0 ? value : value.substring(0, at + 4) + publicReference(value.substring(at + 4));
    }

    private String publicCookie(String cookie) {
        String[] parts = cookie.split(";", -1);
        StringBuilder text = new StringBuilder(parts[0]);
        for (int i = 1; i < parts.length; i++) {
            publicAttribute(parts[i]).ifPresent(attribute -> text.append(';').append(attribute));
        }
        return text.toString();
    }

    private Optional<String> publicAttribute(String attribute) {
        int equals = attribute.indexOf('=');
        String name = (equals < 0 ? attribute : attribute.substring(0, equals)).strip();
        String value = equals < 0 ? "" : attribute.substring(equals + 1).strip();
        if (name.equalsIgnoreCase("Path")) {
            return Optional.of(publicPath(value)
                    .map(path -> attribute.substring(0, equals + 1) + path)
                    .orElse(attribute));
        }
        String domain = value.toLowerCase(Locale.ROOT);
        String bare = domain.startsWith(".") ? domain.substring(1) : domain;
        boolean ofTarget = name.equalsIgnoreCase("Domain")
                && (base.host().equals(bare) || base.host().endsWith("." + bare));
        // Without the attribute the cookie is of this host (RFC 6265 §5.3).
        return ofTarget ? Optional.empty() : Optional.of(attribute);
    }
}
