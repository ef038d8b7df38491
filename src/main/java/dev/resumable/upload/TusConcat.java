// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.UploadId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The field {@code Upload-Concat}: {@code "partial"} or {@code "final;" url *( SP url )}. */
sealed interface TusConcat {

    /** Without the field: an upload of its own. */
    record Alone() implements TusConcat {}

    /** A piece, to be joined with others. */
    record Partial() implements TusConcat {}

    /** The pieces joined, in this order. */
    record Final(List<UploadId> pieces) implements TusConcat {

        /** Takes the pieces as a copy. */
        public Final {
            pieces = List.copyOf(pieces);
        }
    }

    /** The start of the value of a final upload. */
    String FINAL = "final;";

    /** Reads a field value; empty if it is malformed, or names what cannot be an upload of ours. */
    static Optional<TusConcat> parse(String field) {
        if (field.equals("partial")) {
            return Optional.of(new Partial());
        }
        if (!field.startsWith(FINAL)) {
            return Optional.empty();
        }
        List<UploadId> pieces = new ArrayList<>();
        for (String url : field.substring(FINAL.length()).strip().split(" +", -1)) {
            Optional<UploadId> piece = idOf(url);
            if (piece.isEmpty()) {
                return Optional.empty();
            }
            pieces.add(piece.get());
        }
        return Optional.of(new Final(pieces));
    }

    /** Absolute or relative; a front server may have changed all of it but the last name. */
    private static Optional<UploadId> idOf(String url) {
        try {
            String path = Optional.ofNullable(new URI(url).getPath()).orElse("");
            // A client that keeps its URLs as those of directories names the same upload.
            String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            return UploadId.parse(name.substring(name.lastIndexOf('/') + 1));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
