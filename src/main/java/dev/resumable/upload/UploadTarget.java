// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/** What a request is about, by its path below the servlet. */
sealed interface UploadTarget {

    /** Where uploads are created. */
    record Root() implements UploadTarget {}

    /** An upload. */
    record Upload(UploadId id) implements UploadTarget {}

    /** A part of an upload. */
    record PartOf(UploadId id, int number) implements UploadTarget {}

    /** Where an upload is completed. */
    record CompletionOf(UploadId id) implements UploadTarget {}

    /** The list of the owner's files. */
    record Files() implements UploadTarget {}

    /** A file. */
    record OneFile(FileId id) implements UploadTarget {}

    /** Nothing that can be. */
    record Nothing() implements UploadTarget {}

    /** Reads the path info, which the container has decoded. */
    static UploadTarget of(HttpServletRequest request) {
        return parse(Optional.ofNullable(request.getPathInfo()).orElse("/"));
    }

    /** Reads a path that begins with a slash. */
    static UploadTarget parse(String path) {
        List<String> names = List.of(path.substring(1).split("/", -1));
        String first = names.get(0);
        if (names.size() == 1 && first.isEmpty()) {
            return new Root();
        }
        if (first.equals("files")) {
            return ofFiles(names);
        }
        Optional<UploadId> id = UploadId.parse(first);
        return id.isPresent() ? ofUpload(id.get(), names) : new Nothing();
    }

    private static UploadTarget ofFiles(List<String> names) {
        if (names.size() == 1 || (names.size() == 2 && names.get(1).isEmpty())) {
            return new Files();
        }
        return names.size() == 2
                ? FileId.parse(names.get(1)).<UploadTarget>map(OneFile::new).orElseGet(Nothing::new)
                : new Nothing();
    }

    private static UploadTarget ofUpload(UploadId id, List<String> names) {
        if (names.size() == 1) {
            return new Upload(id);
        }
        if (names.size() == 2 && names.get(1).equals("complete")) {
            return new CompletionOf(id);
        }
        return names.size() == 3 && names.get(1).equals("parts")
                ? new PartOf(id, partNumber(names.get(2)))
                : new Nothing();
    }

    /** The number, or 0, which no part has. */
    private static int partNumber(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(c -> '0' <= c && c <= '9');
        return digits && text.charAt(0) != '0' ? Integer.parseInt(text) : 0;
    }
}
