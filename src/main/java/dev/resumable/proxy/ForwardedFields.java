// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.ProxyConfig.Forwarded;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the upstream server is told of the client: X-Forwarded-*, Forwarded (RFC 7239) and Via (RFC 9110 §7.6.3). */
final class ForwardedFields {

    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final String FORWARDED = "Forwarded";

    private static final String FORWARDED_HOST = "X-Forwarded-Host";
    private static final String FORWARDED_PROTO = "X-Forwarded-Proto";
    private static final Set<String> TOLD_BY_PROXIES = Set.of("forwarded", "x-real-ip");

    private final Forwarded policy;
    private final String pseudonym;

    ForwardedFields(Forwarded policy, String pseudonym) {
        this.policy = policy;
        this.pseudonym = pseudonym;
    }

    /**
     * True for a field by which proxies tell of clients, also one that is not sent here but that servers believe. Many of them
     * take "_" for "-" (RFC 3875 §4.1.18).
     */
    static boolean tellsOfClient(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return plain.startsWith("x-forwarded") || TOLD_BY_PROXIES.contains(plain);
    }

    /** Removes what the client has told, unless it is trusted. */
    void clean(FieldSection fields) {
        if (policy != Forwarded.APPEND) {
            // RFC 7239 §8.1: anybody may write such fields.
            fields.removeIf(ForwardedFields::tellsOfClient);
        }
    }

    /** Adds what is known here to what is told already, by a trusted proxy or a rule. */
    void tellOfClient(FieldSection fields, HttpServletRequest request) {
        if (policy != Forwarded.OFF) {
            String client = withoutBrackets(request.getRemoteAddr());
            Optional<String> host = hostOf(request).filter(text -> text.indexOf('"') < 0);
            String scheme = request.getScheme();
            fields.set(FORWARDED_FOR, appended(fields.lines(FORWARDED_FOR), client));
            host.filter(text -> !fields.contains(FORWARDED_HOST)).ifPresent(text -> fields.set(FORWARDED_HOST, text));
            if (!fields.contains(FORWARDED_PROTO)) {
                fields.set(FORWARDED_PROTO, scheme);
            }
            String element = "for=" + node(client)
                    + host.map(text -> ";host=" + quoted(text)).orElse("") + ";proto=" + scheme;
            fields.set(FORWARDED, appended(fields.lines(FORWARDED), element));
        }
    }

    /** Adds a Via line to the fields of a request that is passed on. */
    void addVia(FieldSection fields, HttpServletRequest request) {
        addVia(fields, version(request.getProtocol()));
    }

    /** What the client calls this server; from HTTP/2 on there may be no such field (RFC 9113 §8.3.1). */
    static Optional<String> hostOf(HttpServletRequest request) {
        Optional<String> field = Optional.ofNullable(request.getHeader("Host"));
        return field.or(() -> ofAuthority(request)).filter(text -> !text.isBlank() && FieldSection.isValue(text));
    }

    private static Optional<String> ofAuthority(HttpServletRequest request) {
        int port = request.getServerPort();
        boolean usual = port == (request.isSecure() ? 443 : 80);
        return Optional.ofNullable(request.getServerName())
                .filter(name -> !request.getProtocol().startsWith("HTTP/1"))
                .map(name -> usual ? name : name + ":" + port);
    }

    /** Adds a Via line behind those of others. */
    void addVia(FieldSection fields, String receivedVersion) {
        if (!pseudonym.equals(ProxyConfig.NO_VIA)) {
            fields.add("Via", receivedVersion + " " + pseudonym);
        }
    }

    private static String version(String protocol) {
        String version = protocol.toUpperCase(Locale.ROOT).startsWith("HTTP/") ? protocol.substring(5) : "1.1";
        return version.endsWith(".0") && !version.equals("1.0") ? version.substring(0, version.length() - 2) : version;
    }

    private static String appended(List<String> before, String last) {
        return before.isEmpty() ? last : String.join(", ", before) + ", " + last;
    }

    private static String withoutBrackets(String address) {
        String text = address == null || address.isBlank() ? "unknown" : address;
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }

    /** RFC 7239 §6: IPv6 in brackets, and in quotes for the colons. */
    private static String node(String address) {
        return address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    }

    private static String quoted(String text) {
        return FieldSection.isName(text) ? text : "\"" + text.replace("\\", "\\\\") + "\"";
    }
}
