// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import dev.resumable.content.Sha256;
import dev.resumable.files.DirectoryListing.Entry;
import dev.resumable.files.DirectoryListing.Kind;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;

/**
 * A directory as a page: no scripts, nothing loaded from elsewhere, links relative to the page.
 *
 * <p>Names come from whoever may put files into the directory: each is percent-encoded in its link and escaped as text.
 */
final class HtmlListing {

    private static final String STYLE = """
            :root{color-scheme:light dark}
            body{font:1rem/1.5 system-ui,sans-serif;margin:1rem auto;padding:0 1rem;max-width:60rem}
            h1{font-size:1.25rem;overflow-wrap:anywhere}
            table{border-collapse:collapse;width:100%}
            th,td{text-align:left;vertical-align:top;padding:.4rem 1rem .4rem 0;border-bottom:1px solid #8884}
            td:first-child{overflow-wrap:anywhere}
            td:nth-child(n+2){white-space:nowrap}
            @media(max-width:40rem){thead{display:none}tr{display:block;border-bottom:1px solid #8884;padding:.4rem 0}
            td{display:block;border:0;padding:0}td:nth-child(n+2){font-size:.875rem;opacity:.8}}
            """;

    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private HtmlListing() {}

    /** The policy under which the page shows as it should and can do nothing else. */
    static String contentSecurityPolicy() {
        byte[] digest = Sha256.newDigest().digest(STYLE.getBytes(StandardCharsets.UTF_8));
        return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-"
                + Base64.getEncoder().encodeToString(digest) + "'";
    }

    /** The page in UTF-8. */
    static byte[] write(DirectoryListing listing) {
        String title = escape(listing.path().toString());
        StringBuilder page = new StringBuilder(1024 + 256 * listing.entries().size());
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
                .append("<title>Index of ")
                .append(title)
                .append("</title>\n")
                .append("<style>")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n")
                .append("<h1>Index of <bdi>")
                .append(title)
                .append("</bdi></h1>\n");
        if (!listing.path().names().isEmpty()) {
            page.append("<p><a href=\"../\">Parent directory</a></p>\n");
        }
        page.append("<table>\n<thead><tr><th>Name</th><th>Size</th><th>Modified (UTC)</th></tr></thead>\n<tbody>\n");
        listing.entries().forEach(entry -> row(entry, page));
        page.append("</tbody>\n</table>\n</body>\n</html>\n");
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void row(Entry entry, StringBuilder page) {
        String slash = entry.kind() == Kind.DIRECTORY ? "/" : "";
        // "./": or the part of a name before a colon would be read as the scheme of a URI (RFC 3986 §4.2).
        page.append("<tr><td><a href=\"./")
                .append(PathSegment.encode(entry.name()))
                .append(slash)
                .append("\"><bdi>")
                .append(escape(entry.name()))
                .append("</bdi>")
                .append(slash)
                .append("</a></td><td>")
                .append(entry.kind() == Kind.DIRECTORY ? "" : size(entry.size()))
                .append("</td><td><time datetime=\"")
                .append(entry.modified())
                .append("\">")
                .append(MINUTES.format(entry.modified()))
                .append("</time></td></tr>\n");
    }

    /** {@code 500 B}, {@code 1536 B (1.5 KiB)}. */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int unit = 0;
        double scaled = bytes / 1024.0;
        // What would be rounded to 1024.0 belongs to the next unit.
        while (scaled >= 1023.95) {
            scaled /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, "%d B (%.1f %s)", bytes, scaled, UNITS[unit]);
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                // No HTML document has control characters.
                default -> escaped.append(Character.isISOControl(c) ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }
}
