// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.Representation;
import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadBodies;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of a finished file, which never change; the tag is made of the SHA-256 that the catalogue has.
 *
 * <p>Its media type is one that no browser takes for a page or a script, whatever the client has claimed.
 */
record StoredContent(StoredFile file, UploadBodies bodies) implements Representation {

    private static final String UNKNOWN = "application/octet-stream";

    /** Types that are only looked at or listened to. */
    private static final Map<String, String> SAFE = Map.ofEntries(
            Map.entry("avif", "image/avif"),
            Map.entry("flac", "audio/flac"),
            Map.entry("gif", "image/gif"),
            Map.entry("gz", "application/gzip"),
            Map.entry("jpeg", "image/jpeg"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("m4a", "audio/mp4"),
            Map.entry("mp3", "audio/mpeg"),
            Map.entry("mp4", "video/mp4"),
            Map.entry("ogg", "audio/ogg"),
            Map.entry("pdf", "application/pdf"),
            Map.entry("png", "image/png"),
            Map.entry("txt", "text/plain;charset=UTF-8"),
            Map.entry("wav", "audio/wav"),
            Map.entry("webm", "video/webm"),
            Map.entry("webp", "image/webp"),
            Map.entry("zip", "application/zip"));

    @Override
    public long length() {
        return file.size();
    }

    @Override
    public Validators validators() {
        return Validators.of(EntityTagSource.contentTag(digest()), file.created());
    }

    @Override
    public Optional<String> contentType() {
        String name = file.fileName();
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return Optional.of(name.indexOf('.') < 0 ? UNKNOWN : SAFE.getOrDefault(extension, UNKNOWN));
    }

    @Override
    public Optional<byte[]> sha256() {
        return Optional.of(digest());
    }

    private byte[] digest() {
        return HexFormat.of().parseHex(file.sha256());
    }

    @Override
    public InputStream open(ByteRange range) throws IOException {
        return bodies.open(file.blob(), range.first(), range.length());
    }
}
