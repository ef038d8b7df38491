// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.servlet.ServletFields;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The fields of a message that are meant for the other end (RFC 9110 §7.6.1): without those of one connection, and without
 * framing, which each side writes for itself.
 */
final class EndToEndFields {

    private static final Set<String> OF_ONE_CONNECTION = Set.of(
            "connection",
            "proxy-connection",
            "keep-alive",
            "te",
            "transfer-encoding",
            "upgrade",
            "trailer",
            "http2-settings",
            // RFC 9110 §11.7: for the next hop alone.
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info");

    /** RFC 9110 §6.5.1: framing, routing, authentication, control and what describes the content. */
    private static final Set<String> NEVER_IN_TRAILERS = Set.of(
            "content-length",
            "content-encoding",
            "content-type",
            "content-range",
            "content-location",
            "content-disposition",
            "host",
            "via",
            "max-forwards",
            "authorization",
            "www-authenticate",
            "authentication-info",
            "cookie",
            "set-cookie",
            "cache-control",
            "expires",
            "pragma",
            "age",
            "date",
            "location",
            "retry-after",
            "vary",
            "warning",
            "expect",
            "range",
            "accept-ranges",
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "if-range");

    /**
     * What this server says of itself, and what acts for the final response alone. A container may keep it for that one, and
     * clients are to leave it aside in a hint, but for what names other resources (RFC 8297 §2).
     */
    private static final Set<String> NEVER_IN_INTERIM = Set.of("date", "server", "set-cookie", "set-cookie2");

    /** What nobody else may set, since each side is framed by what is really sent (RFC 9112 §6). */
    private static final Set<String> FRAMING = Set.of(
            "content-length",
            "transfer-encoding",
            "connection",
            "proxy-connection",
            "keep-alive",
            "te",
            "trailer",
            "upgrade",
            "http2-settings");

    private EndToEndFields() {}

    /** Those of a request, without Host and Content-Length. */
    static FieldSection ofRequest(HttpServletRequest request) {
        FieldSection received = new FieldSection();
        ServletFields fields = new ServletFields(request);
        Enumeration<String> names = request.getHeaderNames();
        // A container may answer null where it does not allow access to fields.
        for (String name : names == null ? List.<String>of() : Collections.list(names)) {
            for (String value : fields.lines(name)) {
                // What no container lets pass cannot be passed on either.
                if (FieldSection.isName(name) && FieldSection.isValue(value)) {
                    received.add(name, value);
                }
            }
        }
        boolean wantsTrailers = received.tokens("TE").contains("trailers");
        FieldSection kept = without(received, OF_ONE_CONNECTION).remove("Host").remove("Content-Length");
        if (wantsTrailers) {
            // RFC 9110 §10.1.4: of TE only this may go on, and it must be named as of the connection.
            kept.set("TE", "trailers").set("Connection", "TE");
        }
        List<String> cookies = kept.lines("Cookie");
        if (cookies.size() > 1) {
            // RFC 9113 §8.2.3: HTTP/2 may cut the field into lines, HTTP/1.1 may not.
            kept.set("Cookie", String.join("; ", cookies));
        }
        return kept;
    }

    /** True for a field of the connection or of framing, which no rule can change. */
    static boolean isFraming(String name) {
        return FRAMING.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Those of a request after rules and functions. */
    static FieldSection ofChangedRequest(FieldSection changed) {
        boolean wantsTrailers = changed.tokens("TE").contains("trailers");
        FieldSection kept = changed.copy().removeAll(FRAMING);
        return wantsTrailers ? kept.set("TE", "trailers").set("Connection", "TE") : kept;
    }

    /** Those of a response after rules and functions. */
    static FieldSection ofChangedResponse(FieldSection changed) {
        return changed.copy().removeAll(FRAMING);
    }

    /** Those of a response. */
    static FieldSection ofResponse(FieldSection received) {
        return without(received, OF_ONE_CONNECTION);
    }

    /** Those of an interim response that may be passed on: none that describes content, which it has not. */
    static FieldSection ofInterim(FieldSection received) {
        return without(received, OF_ONE_CONNECTION)
                .removeAll(FRAMING)
                .removeAll(NEVER_IN_INTERIM)
                .removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("content-"));
    }

    /** Those of a trailer section that may be passed on. */
    static FieldSection ofTrailers(FieldSection received) {
        return without(received, OF_ONE_CONNECTION)
                .removeAll(NEVER_IN_TRAILERS)
                .removeIf(ForwardedFields::tellsOfClient);
    }

    /** The names in a Trailer field that may be announced to the other end (RFC 9110 §6.6.2). */
    static List<String> trailerNames(FieldSection received) {
        return received.tokens("Trailer").stream()
                .filter(FieldSection::isName)
                .filter(name -> !OF_ONE_CONNECTION.contains(name)
                        && !NEVER_IN_TRAILERS.contains(name)
                        && !ForwardedFields.tellsOfClient(name))
                .toList();
    }

    private static FieldSection without(FieldSection received, Set<String> names) {
        // First those that a Connection line names, wherever it stands.
        Set<String> named = received.tokens("Connection");
        return received.copy()
                .removeIf(name -> named.contains(name.toLowerCase(Locale.ROOT)))
                .removeAll(names);
    }
}
