// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import com.fasterxml.jackson.jr.ob.JSON;
import com.fasterxml.jackson.jr.ob.JSONComposer;
import com.fasterxml.jackson.jr.ob.comp.ArrayComposer;
import com.fasterxml.jackson.jr.ob.comp.ObjectComposer;
import dev.resumable.files.DirectoryListing.Entry;
import dev.resumable.files.DirectoryListing.Kind;
import java.io.IOException;
import java.util.Locale;

/**
 * A directory for programs: {@code {"path":"/a/","entries":[{"name":"b.txt","type":"file","size":3,"modified":"..."}]}}.
 *
 * <p>A directory's entry has no size; times are ISO 8601 in UTC, to the second.
 */
final class JsonListing {

    private JsonListing() {}

    /** The document in UTF-8. */
    static byte[] write(DirectoryListing listing) throws IOException {
        JSONComposer<byte[]> json = JSON.std.composeBytes();
        ObjectComposer<JSONComposer<byte[]>> document =
                json.startObject().put("path", listing.path().toString());
        ArrayComposer<ObjectComposer<JSONComposer<byte[]>>> entries = document.startArrayField("entries");
        for (Entry entry : listing.entries()) {
            write(entry, entries.startObject());
        }
        entries.end().end();
        return json.finish();
    }

    private static void write(Entry entry, ObjectComposer<?> object) throws IOException {
        object.put("name", entry.name()).put("type", entry.kind().name().toLowerCase(Locale.ROOT));
        if (entry.kind() == Kind.FILE) {
            object.put("size", entry.size());
        }
        object.put("modified", entry.modified().toString()).end();
    }
}
