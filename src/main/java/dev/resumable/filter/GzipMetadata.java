// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.Representation;
import dev.resumable.http.ByteRange;
import dev.resumable.http.Validators;
import java.io.InputStream;
import java.util.Optional;

/** The gzip form of a body as far as it can be described without its bytes: for answers that have none. */
record GzipMetadata(long length, Validators validators, Optional<String> contentType, Optional<byte[]> sha256)
        implements Representation {

    static GzipMetadata of(Representation identity, GzipMemory.Learned.Measured gzip) {
        Validators validators = Validators.of(
                Optional.of(EntityTagSource.contentTag(gzip.sha256())),
                identity.validators().lastModified());
        return new GzipMetadata(gzip.length(), validators, identity.contentType(), Optional.of(gzip.sha256()));
    }

    @Override
    public Optional<String> contentCoding() {
        return Optional.of(Negotiation.GZIP);
    }

    @Override
    public InputStream open(ByteRange range) {
        throw new IllegalStateException("the bytes of this form were not made");
    }
}
