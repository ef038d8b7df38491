// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.util.Optional;

/**
 * Targets that a request may name: one scheme, one port, and a host, all hosts below a domain, or any host.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a host, {@code *.example.org} for all below it (not itself), or {@code *}
 * @param port the one port
 */
public record AllowedTarget(String scheme, String host, int port) {

    private static final String ANY = "*";
    private static final String BELOW = "*.";

    /** Reads {@code https://host}, {@code https://*.example.org:8443} or {@code https://*}; empty if it is none of these. */
    public static Optional<AllowedTarget> parse(String text) {
        // A star is none of the characters of a host, so an ordinary name stands in for it. Only where it is all of the
        // host, or all of its first label: "*example.org" would be any host.
        String plain = text.contains("://*.")
                ? text.replaceFirst("://\\*\\.", "://")
                : text.replaceFirst("://\\*(?=:|$)", "://any.invalid");
        return UpstreamUri.parse(plain)
                .filter(uri -> uri.path().isEmpty() && uri.query().isEmpty())
                .map(uri -> new AllowedTarget(uri.scheme(), pattern(text, uri.host()), uri.port()));
    }

    private static String pattern(String text, String host) {
        return text.contains("://" + BELOW) ? BELOW + host : text.contains("://" + ANY) ? ANY : host;
    }

    /** True if the URL is one of them. */
    boolean includes(UpstreamUri uri) {
        return uri.scheme().equals(scheme) && uri.port() == port && includesHost(uri);
    }

    private boolean includesHost(UpstreamUri uri) {
        if (host.equals(ANY)) {
            return true;
        }
        return host.startsWith(BELOW)
                // After a dot, or "evilexample.org" would do.
                ? uri.address().isEmpty() && uri.host().endsWith(host.substring(1))
                : uri.host().equals(host);
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }
}
