// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.upload.store.Part;
import dev.resumable.upload.store.PartLayout;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The JSON documents of the parts API, some of which the other protocols show too; the only class of the package that knows the JSON library. */
final class PartsDocument {

    private PartsDocument() {}

    /** A document in UTF-8. */
    static byte[] write(Map<String, Object> document) throws IOException {
        return JSON.std.asBytes(document);
    }

    /** The members of a JSON object; empty if it is none, or if anything follows it (RFC 8259 §2). */
    static Optional<Map<String, Object>> read(byte[] json) {
        try (JsonParser parser = JSON.std.createParser(json)) {
            Map<String, Object> members = JSON.std.mapFrom(parser);
            return parser.nextToken() == null ? Optional.ofNullable(members) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** An upload: what was asked for, what came, what is missing. */
    static Map<String, Object> of(UploadState state) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", state.id().value());
        document.put("fileName", state.plan().fileName());
        state.length().ifPresent(length -> document.put("size", length));
        Optional<PartLayout> layout = state.plan().layout();
        if (layout.isPresent()) {
            document.put("partSize", layout.get().partSize());
            document.put("partCount", layout.get().count());
            document.put(
                    "received",
                    state.parts().values().stream().map(PartsDocument::of).toList());
            document.put("missing", Completing.missing(state));
        } else {
            document.put("offset", state.offset());
            document.put("protocol", state.plan().protocol());
        }
        document.put("status", state.status().name().toLowerCase(Locale.ROOT));
        document.put("expires", state.expires().toString());
        return document;
    }

    /** A part. */
    static Map<String, Object> of(Part part) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("number", part.number());
        document.put("size", part.size());
        document.put("sha256", part.sha256());
        return document;
    }

    /** A file. */
    static Map<String, Object> of(StoredFile file, String href) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", file.id().value());
        document.put("fileName", file.fileName());
        document.put("size", file.size());
        document.put("sha256", file.sha256());
        document.put("href", href);
        return document;
    }

    /** An upload that has become a file. */
    static Map<String, Object> complete(StoredFile file, String href) {
        return ordered("status", "complete", "file", of(file, href));
    }

    /** Members in an order that reads well: names, each with its value. */
    static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> document = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            document.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return document;
    }

    /** Files, and where more of them are. */
    static Map<String, Object> files(List<Map<String, Object>> files, Optional<String> next) {
        Map<String, Object> document = ordered("files", files);
        next.ifPresent(path -> document.put("next", path));
        return document;
    }
}
