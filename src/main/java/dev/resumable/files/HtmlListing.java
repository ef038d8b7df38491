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

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>Index of %s</title>
            <style>%s</style>
            </head>
            <body>
            <h1>Index of <bdi>%s</bdi></h1>
            %s<table>
            <thead><tr><th>Name</th><th>Size</th><th>Modified (UTC)</th></tr></thead>
            <tbody>
            %s</tbody>
            </table>
            </body>
            </html>
            """;

    private static final String PARENT = "<p><a href=\"../\">Parent directory</a></p>\n";

    /** "./": or the part of a name before a colon would be read as the scheme of a URI (RFC 3986 §4.2). */
    private static final String ROW = """
            <tr><td><a href="./%s"><bdi>%s</bdi></a></td><td>%s</td><td><time datetime="%s">%s</time></td></tr>
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
        StringBuilder rows = new StringBuilder(256 * listing.entries().size());
        listing.entries().forEach(entry -> rows.append(row(entry)));
        String parent = listing.path().names().isEmpty() ? "" : PARENT;
        String title = escape(listing.path().toString());
        return PAGE.formatted(title, STYLE, title, parent, rows).getBytes(StandardCharsets.UTF_8);
    }

    private static String row(Entry entry) {
        boolean isDirectory = entry.kind() == Kind.DIRECTORY;
        String slash = isDirectory ? "/" : "";
        return ROW.formatted(
                PathSegment.encode(entry.name()) + slash,
                escape(entry.name()) + slash,
                isDirectory ? "" : size(entry.size()),
                entry.modified(),
                MINUTES.format(entry.modified()));
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
