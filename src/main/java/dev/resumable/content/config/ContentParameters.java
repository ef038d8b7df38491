// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content.config;

import dev.resumable.content.ContentOptions;
import dev.resumable.servlet.InitParameters;

/** The init-params of {@link ContentOptions}, each named after its component in kebab-case. */
public final class ContentParameters {

    private ContentParameters() {}

    /**
     * Reads them; what is absent is as in the given options.
     *
     * @throws IllegalArgumentException if one is malformed, with its name, its value and what is allowed
     */
    public static ContentOptions read(InitParameters parameters, ContentOptions otherwise) {
        return ContentOptions.builder()
                .etag(parameters.choice("etag", otherwise.etag()))
                .syncDigestSize(parameters.size("sync-digest-size", otherwise.syncDigestSize()))
                .digestIndex(parameters.path("digest-index"))
                .digestWarmUp(parameters.choice("digest-warm-up", otherwise.digestWarmUp()))
                .fileCacheSize(parameters.size("file-cache-size", otherwise.fileCacheSize()))
                .maxRanges(parameters.count("max-ranges", otherwise.maxRanges()))
                .maxOverlaps(parameters.count("max-overlaps", otherwise.maxOverlaps()))
                .maxDescendingRanges(parameters.count("max-descending-ranges", otherwise.maxDescendingRanges()))
                .rangePartOverhead(parameters.count("range-part-overhead", otherwise.rangePartOverhead()))
                .rangeAllowance(parameters.size("range-allowance", otherwise.rangeAllowance()))
                .reprDigest(parameters.choice("repr-digest", otherwise.reprDigest()))
                .contentDigest(parameters.choice("content-digest", otherwise.contentDigest()))
                .send(parameters.choice("send", otherwise.send()))
                .sendfileAfter(parameters.time("sendfile-after", otherwise.sendfileAfter()))
                .sendIdleTimeout(parameters.time("send-idle-timeout", otherwise.sendIdleTimeout()))
                .build();
    }
}
