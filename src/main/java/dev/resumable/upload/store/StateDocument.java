// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.resumable.upload.store.UploadPlan.Completion;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * States and files as JSON documents, for stores that keep text.
 *
 * <p>What is absent is left out. A part is one text, {@code number:size:sha256:reference}: there may be ten thousand.
 */
public final class StateDocument {

    private StateDocument() {}

    /** The document of a state, in UTF-8. */
    public static byte[] write(UploadState state) throws IOException {
        UploadPlan plan = state.plan();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", state.id().value());
        document.put("version", state.version());
        document.put("status", state.status().name());
        document.put("owner", plan.owner());
        document.put("protocol", plan.protocol());
        document.put("fileName", plan.fileName());
        plan.mediaType().ifPresent(type -> document.put("mediaType", type));
        plan.sha256().ifPresent(hash -> document.put("declaredSha256", hash));
        plan.layout().ifPresent(layout -> document.put("partSize", layout.partSize()));
        document.put("completion", plan.completion().name());
        document.put("attributes", plan.attributes());
        document.put("created", plan.created().toString());
        state.length().ifPresent(length -> document.put("length", length));
        document.put("offset", state.offset());
        document.put(
                "parts",
                state.parts().values().stream().map(StateDocument::text).toList());
        document.put("expires", state.expires().toString());
        document.put("body", state.body());
        state.sha256().ifPresent(hash -> document.put("sha256", hash));
        state.file().ifPresent(file -> document.put("file", file.value()));
        return JSON.std.asBytes(document);
    }

    /** The state of a document. */
    public static UploadState readState(byte[] json) throws IOException {
        Document document = Document.parse(json);
        OptionalLong length = document.optionalNumber("length");
        UploadPlan plan = new UploadPlan(
                document.text("owner"),
                document.text("protocol"),
                document.text("fileName"),
                document.optionalText("mediaType"),
                document.optionalText("declaredSha256"),
                document.optionalNumber("partSize").stream()
                        .mapToObj(size -> new PartLayout(length.orElse(0), size))
                        .findFirst(),
                Completion.valueOf(document.text("completion")),
                document.texts("attributes"),
                Instant.parse(document.text("created")));
        return new UploadState(
                new UploadId(document.text("id")),
                plan,
                length,
                document.number("offset"),
                parts(document.list("parts")),
                UploadStatus.valueOf(document.text("status")),
                Instant.parse(document.text("expires")),
                document.number("version"),
                document.text("body"),
                document.optionalText("sha256"),
                document.optionalText("file").map(FileId::new));
    }

    /** The document of a file, in UTF-8. */
    public static byte[] write(StoredFile file) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", file.id().value());
        document.put("owner", file.owner());
        document.put("fileName", file.fileName());
        file.mediaType().ifPresent(type -> document.put("mediaType", type));
        document.put("size", file.size());
        document.put("sha256", file.sha256());
        document.put("blob", file.blob().value());
        document.put("created", file.created().toString());
        return JSON.std.asBytes(document);
    }

    /** The file of a document. */
    public static StoredFile readFile(byte[] json) throws IOException {
        Document document = Document.parse(json);
        return new StoredFile(
                new FileId(document.text("id")),
                document.text("owner"),
                document.text("fileName"),
                document.optionalText("mediaType"),
                document.number("size"),
                document.text("sha256"),
                new UploadId(document.text("blob")),
                Instant.parse(document.text("created")));
    }

    /** What one more part makes of a state: a line of a log. */
    record PartLine(long version, Instant expires, Part part) {}

    /** The line of a part with which a state came to be; without line breaks, whatever the reference has. */
    static String partLine(UploadState state, Part part) throws IOException {
        return JSON.std.asString(List.of(state.version(), state.expires().toString(), text(part)));
    }

    /** The part of a line. */
    static PartLine readPartLine(String json) throws IOException {
        List<Object> values = JSON.std.listFrom(json);
        return new PartLine(
                ((Number) values.get(0)).longValue(),
                Instant.parse(String.valueOf(values.get(1))),
                part(String.valueOf(values.get(2))));
    }

    private static String text(Part part) {
        return part.number() + ":" + part.size() + ":" + part.sha256() + ":" + part.reference();
    }

    private static Map<Integer, Part> parts(List<?> texts) {
        Map<Integer, Part> parts = new TreeMap<>();
        for (Object text : texts) {
            Part part = part(String.valueOf(text));
            parts.put(part.number(), part);
        }
        return parts;
    }

    private static Part part(String text) {
        String[] pieces = text.split(":", 4);
        return new Part(Integer.parseInt(pieces[0]), Long.parseLong(pieces[1]), pieces[2], pieces[3]);
    }

    /** A JSON object with typed access; what does not fit is an {@link IOException}, since the document is ours. */
    private record Document(Map<String, Object> members) {

        static Document parse(byte[] json) throws IOException {
            return new Document(JSON.std.mapFrom(json));
        }

        String text(String name) throws IOException {
            return optionalText(name).orElseThrow(() -> missing(name));
        }

        Optional<String> optionalText(String name) {
            return value(name) instanceof String text ? Optional.of(text) : Optional.empty();
        }

        long number(String name) throws IOException {
            return optionalNumber(name).orElseThrow(() -> missing(name));
        }

        OptionalLong optionalNumber(String name) {
            return value(name) instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
        }

        List<?> list(String name) {
            return value(name) instanceof List<?> list ? list : new ArrayList<>();
        }

        Map<String, String> texts(String name) {
            Map<String, String> texts = new LinkedHashMap<>();
            if (value(name) instanceof Map<?, ?> map) {
                map.forEach((key, text) -> texts.put(String.valueOf(key), String.valueOf(text)));
            }
            return texts;
        }

        private @Nullable Object value(String name) {
            return members.get(name);
        }

        private static IOException missing(String name) {
            return new IOException("a stored document lacks \"" + name + "\"");
        }
    }
}
