// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.RepresentationMetadata;
import dev.resumable.http.Validators;
import java.util.Optional;

/** What an application has said of its body before it wrote it; the media type is on the response already. */
record DeclaredMetadata(long length, Validators validators, Optional<String> contentCoding)
        implements RepresentationMetadata {

    @Override
    public Optional<String> contentType() {
        return Optional.empty();
    }
}
