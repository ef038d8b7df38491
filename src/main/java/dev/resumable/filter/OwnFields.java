// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.EntityTag;
import dev.resumable.http.HttpDate;
import java.time.Instant;
import java.util.Optional;

/** What the application itself has said of its body, in fields that are held back. */
record OwnFields(HeldFields held) {

    Optional<EntityTag> tag() {
        return held.first("ETag").flatMap(EntityTag::parse);
    }

    /** A weak tag is none: it allows no ranges, and ours takes its place. */
    Optional<EntityTag> strongTag() {
        return tag().filter(EntityTag::isStrong);
    }

    Optional<Instant> lastModified() {
        return held.first("Last-Modified").flatMap(HttpDate::parse);
    }

    Optional<String> contentCoding() {
        return held.first("Content-Encoding").map(first -> String.join(", ", held.all("Content-Encoding")));
    }
}
