// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * An absolute http or https URL, its path and query kept byte by byte.
 *
 * <p>{@code java.net.URI} is not used: it refuses characters that are in daily use, and what it accepts it changes.
 *
 * @param scheme {@code http} or {@code https}
 * @param host a name in lower case without a dot at its end, an IPv4 address, or an IPv6 address without brackets
 * @param port 1 to 65535, never the lack of one
 * @param path empty, or from its first slash on
 * @param query what follows the first question mark; empty if there is none
 */
public record UpstreamUri(String scheme, String host, int port, String path, Optional<String> query) {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** Refuses what cannot stand in a request line or in a Host field. */
    public UpstreamUri {
        boolean valid = isScheme(scheme)
                && isHost(host)
                && 0 < port
                && port <= 0xFFFF
                && (path.isEmpty() || path.charAt(0) == '/')
                && path.indexOf('?') < 0
                && isSendable(path)
                && query.stream().allMatch(UpstreamUri::isSendable);
        if (!valid) {
            throw new IllegalArgumentException("not an upstream URL");
        }
    }

    /**
     * Reads an absolute URL.
     *
     * <p>Empty for another scheme, for user information, a fragment, a host in another notation (percent-coded, IDN, IPv4 in
     * octal or as one number) and for all characters that cannot be sent.
     */
    public static Optional<UpstreamUri> parse(String text) {
        int schemeEnd = text.indexOf("://");
        if (schemeEnd < 0) {
            return Optional.empty();
        }
        String scheme = text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        String rest = text.substring(schemeEnd + 3);
        int authorityEnd = firstOf(rest, "/?#\\");
        String target = rest.substring(authorityEnd);
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        Optional<String> query = question < 0 ? Optional.empty() : Optional.of(target.substring(question + 1));
        return isScheme(scheme)
                ? withAuthority(scheme, rest.substring(0, authorityEnd), path, query)
                : Optional.empty();
    }

    private static Optional<UpstreamUri> withAuthority(
            String scheme, String authority, String path, Optional<String> query) {
        // Of an IPv6 address the last colon is inside of the brackets.
        int colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(':');
        String host = canonical(colon < 0 ? authority : authority.substring(0, colon));
        int port = colon < 0 ? defaultPort(scheme) : number(authority.substring(colon + 1));
        try {
            return Optional.of(new UpstreamUri(scheme, host, port, path, query));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** One spelling for each host. */
    private static String canonical(String host) {
        if (host.startsWith("[") && host.endsWith("]")) {
            String address = host.substring(1, host.length() - 1);
            // What has no colon in brackets is no IPv6 address.
            return address.indexOf(':') < 0 ? "" : address.toLowerCase(Locale.ROOT);
        }
        String name = host.toLowerCase(Locale.ROOT);
        return host.indexOf(':') >= 0 ? "" : name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static boolean isScheme(String text) {
        return text.equals("http") || text.equals("https");
    }

    private static boolean isHost(String text) {
        if (text.indexOf(':') >= 0) {
            return IpLiteral.parse(text).isPresent();
        }
        boolean name = !text.isEmpty()
                && text.length() < 254
                && !text.startsWith(".")
                && !text.endsWith(".")
                && !text.contains("..")
                && text.chars().allMatch(UpstreamUri::isNameCharacter);
        // "0x7f.1", "017700000001" and "2130706433" are addresses to some resolvers: only the plain notation is one
        // here.
        return name && (!looksNumeric(text) || IpLiteral.parse(text).isPresent());
    }

    private static boolean isNameCharacter(int c) {
        return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9') || c == '-' || c == '.' || c == '_';
    }

    private static boolean looksNumeric(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return last.chars().allMatch(c -> '0' <= c && c <= '9')
                || (last.startsWith("0x") && last.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0));
    }

    /** False for spaces, control characters, '#' and what is not one byte. */
    static boolean isSendable(String text) {
        return text.chars().allMatch(c -> ' ' < c && c <= 0xFF && c != 0x7F && c != '#');
    }

    private static int number(String digits) {
        boolean valid =
                !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> '0' <= c && c <= '9');
        return valid ? Integer.parseInt(digits) : 0;
    }

    private static int firstOf(String text, String characters) {
        int at = 0;
        while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("http") ? HTTP : HTTPS;
    }

    /** The address, if the host is one. */
    Optional<InetAddress> address() {
        return IpLiteral.parse(host);
    }

    /** This base with a raw path joined by exactly one slash, and a raw query behind its own. */
    UpstreamUri join(String rawPath, Optional<String> rawQuery) {
        String joined = rawPath.isEmpty()
                ? path
                : path.endsWith("/") && rawPath.startsWith("/")
                        ? path + rawPath.substring(1)
                        : path.endsWith("/") || rawPath.startsWith("/") ? path + rawPath : path + "/" + rawPath;
        Optional<String> both = query.isPresent() && rawQuery.isPresent()
                ? Optional.of(query.get() + "&" + rawQuery.get())
                : query.or(() -> rawQuery);
        return new UpstreamUri(scheme, host, port, joined, both);
    }

    /** The authority as a Host field has it: without the port of the scheme. */
    public String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == defaultPort(scheme) ? name : name + ":" + port;
    }

    /** Path and query as a request line has them (RFC 9112 §3.2.1). */
    public String requestTarget() {
        return (path.isEmpty() ? "/" : path) + query.map(text -> "?" + text).orElse("");
    }

    /** The URL. */
    @Override
    public String toString() {
        return scheme + "://" + authority() + path
                + query.map(text -> "?" + text).orElse("");
    }
}
