// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.util.Locale;
import java.util.Optional;

/**
 * The path of a request as its bytes came, cut where the part begins that is joined to the target.
 *
 * <p>{@code getPathInfo} is decoded, and what was decoded cannot be coded again as it was. So the raw path is cut after as many
 * segments as the mapping has.
 *
 * @param prefix what belongs to this server: context path and mapping
 * @param rest what is joined to the target; empty, or from its slash on
 */
record MappedPath(String prefix, String rest) {

    /**
     * The path of a request.
     *
     * @param stripPrefix the part behind the context path that is taken away; empty for that of the mapping
     * @return empty if the path does not begin with that part
     */
    static Optional<MappedPath> of(HttpServletRequest request, Optional<String> stripPrefix) {
        String uri = request.getRequestURI();
        int context = segments(request.getContextPath());
        if (stripPrefix.isEmpty()) {
            return Optional.of(cut(uri, context + segments(mappedPrefix(request))));
        }
        String prefix = trimSlash(stripPrefix.get());
        MappedPath cut = cut(uri, context + segments(prefix));
        String behindContext = cut.prefix().substring(cut(uri, context).prefix().length());
        return behindContext.equals(prefix) ? Optional.of(cut) : Optional.empty();
    }

    private static String trimSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The servlet path, where the mapping has one that is not the file's own. */
    private static String mappedPrefix(HttpServletRequest request) {
        MappingMatch match = request.getHttpServletMapping().getMappingMatch();
        return match == MappingMatch.PATH || match == MappingMatch.EXACT ? request.getServletPath() : "";
    }

    /** A path that certainly leads to the same servlet: for dispatches, which some containers refuse for unusual paths. */
    static String ownPath(HttpServletRequest request) {
        HttpServletMapping mapping = request.getHttpServletMapping();
        String pattern = mapping.getPattern();
        MappingMatch match = mapping.getMappingMatch();
        if (match == MappingMatch.PATH) {
            return pattern.substring(0, pattern.length() - 1);
        }
        return match == MappingMatch.EXTENSION
                ? "/" + pattern.replace('*', 'a')
                : match == MappingMatch.EXACT ? pattern : "/";
    }

    private static int segments(String path) {
        int count = 0;
        for (int i = 0; i < path.length(); i++) {
            boolean begins = path.charAt(i) != '/' && (i == 0 || path.charAt(i - 1) == '/');
            count += begins ? 1 : 0;
        }
        return count;
    }

    /** Empty segments and "." do not count, as the container has mapped the path without them. */
    private static MappedPath cut(String uri, int segments) {
        int at = 0;
        int left = segments;
        while (left > 0 && at < uri.length()) {
            int start = at;
            while (start < uri.length() && uri.charAt(start) == '/') {
                start++;
            }
            int end = uri.indexOf('/', start);
            at = end < 0 ? uri.length() : end;
            left -= isDot(withoutParameters(uri.substring(start, at))) ? 0 : 1;
        }
        return new MappedPath(uri.substring(0, at), uri.substring(at));
    }

    private static boolean isDot(String segment) {
        return segment.equals(".") || segment.equalsIgnoreCase("%2e");
    }

    private static String withoutParameters(String segment) {
        int parameters = segment.indexOf(';');
        return parameters < 0 ? segment : segment.substring(0, parameters);
    }

    /**
     * True if joined to a base the path surely stays within it, however the server reads it.
     *
     * <p>Plain ".." may go up as far as the path has gone down. One that is coded, stands beside a coded slash or a backslash,
     * or has parameters is read in more than one way, so it is refused.
     */
    boolean staysWithin() {
        for (String segment : prefix.split("/", -1)) {
            if (hasHiddenParent(decodeOnce(segment))) {
                // The container has found the mapping behind it, and not where the path was cut.
                return false;
            }
        }
        int depth = 0;
        for (String segment : rest.split("/", -1)) {
            String decoded = decodeOnce(segment);
            if (segment.equals("..")) {
                depth--;
            } else if (hasHiddenParent(decoded)) {
                return false;
            } else if (!segment.isEmpty() && !withoutParameters(decoded).equals(".")) {
                depth++;
            }
            if (depth < 0) {
                return false;
            }
        }
        return true;
    }

    /** Dots, slashes and backslashes out of their coded form. */
    private static String decodeOnce(String segment) {
        String lower = segment.toLowerCase(Locale.ROOT);
        return lower.indexOf('%') < 0
                ? lower
                : lower.replace("%2e", ".")
                        .replace("%2f", "/")
                        .replace("%5c", "\\")
                        .replace("%3b", ";");
    }

    private static boolean hasHiddenParent(String decoded) {
        for (String part : decoded.split("[/\\\\]", -1)) {
            if (withoutParameters(part).equals("..")) {
                return true;
            }
        }
        return false;
    }
}
