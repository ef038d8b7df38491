// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import jakarta.servlet.ServletContext;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The media types of files by their names: what the deployer and the container say, else a small table of ours.
 *
 * <p>Text is labelled as UTF-8; what has no known type is {@code application/octet-stream}, which no browser interprets.
 */
final class ContentTypes {

    private static final String UNKNOWN = "application/octet-stream";

    private static final Map<String, String> FALLBACK = Map.ofEntries(
            Map.entry("7z", "application/x-7z-compressed"),
            Map.entry("aac", "audio/aac"),
            Map.entry("avif", "image/avif"),
            Map.entry("bz2", "application/x-bzip2"),
            Map.entry("css", "text/css"),
            Map.entry("csv", "text/csv"),
            Map.entry("epub", "application/epub+zip"),
            Map.entry("flac", "audio/flac"),
            Map.entry("gif", "image/gif"),
            Map.entry("gz", "application/gzip"),
            Map.entry("htm", "text/html"),
            Map.entry("html", "text/html"),
            Map.entry("ico", "image/vnd.microsoft.icon"),
            Map.entry("jar", "application/java-archive"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("js", "text/javascript"),
            Map.entry("json", "application/json"),
            Map.entry("m4a", "audio/mp4"),
            Map.entry("m4v", "video/mp4"),
            Map.entry("md", "text/markdown"),
            Map.entry("mjs", "text/javascript"),
            Map.entry("mkv", "video/matroska"),
            Map.entry("mov", "video/quicktime"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("oga", "audio/ogg"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("ogv", "video/ogg"),
            Map.entry("opus", "audio/ogg"),
            Map.entry("otf", "font/otf"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("tar", "application/x-tar"),
            Map.entry("ttf", "font/ttf"),
            Map.entry("txt", "text/plain"),
            Map.entry("vtt", "text/vtt"),
            Map.entry("wasm", "application/wasm"),
            Map.entry("wav", "audio/wav"),
            Map.entry("webm", "video/webm"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff", "font/woff"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("xml", "application/xml"),
            Map.entry("xz", "application/x-xz"),
            Map.entry("zip", "application/zip"),
            Map.entry("zst", "application/zstd"));

    private final ServletContext context;

    /** Asks this context first, so that {@code mime-mapping} in web.xml decides. */
    ContentTypes(ServletContext context) {
        this.context = context;
    }

    /** The Content-Type for a file of this name. */
    String of(String name) {
        String type = Optional.ofNullable(context.getMimeType(name)).orElseGet(() -> fallback(name));
        return isText(type) && !type.toLowerCase(Locale.ROOT).contains("charset=") ? type + ";charset=UTF-8" : type;
    }

    private static String fallback(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        // A name without a dot is no extension, whatever it spells.
        return name.indexOf('.') < 0 ? UNKNOWN : FALLBACK.getOrDefault(extension, UNKNOWN);
    }

    private static boolean isText(String type) {
        // Not the other XML types: their documents name their own encoding.
        return type.startsWith("text/") || type.startsWith("application/javascript");
    }
}
