// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.RepresentationMetadata;
import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What an application has said of its body before it wrote it; the media type is on the response already. */
record DeclaredMetadata(long length, Validators validators, Optional<String> contentCoding)
        implements RepresentationMetadata {

    DeclaredMetadata(long length, EntityTag tag, Optional<Instant> lastModified, Optional<String> contentCoding) {
        this(length, new Validators(Optional.of(tag), List.of(), lastModified), contentCoding);
    }

    @Override
    public Optional<String> contentType() {
        return Optional.empty();
    }
}
