// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.MediaRanges;
import dev.resumable.servlet.InitParameters;

/**
 * What a {@link RangeServletFilter} compresses: the part of {@link RangeConfig} that is about the content coding gzip.
 *
 * @param compress whether bodies are also offered with the content coding gzip
 * @param compressTypes the media types that it is worth for
 * @param compressMinSize the shortest body in bytes that is compressed
 * @param compressMaxSize the longest body in bytes that is compressed: it bounds what a request may cost
 */
public record CompressOptions(
        CompressPolicy compress, MediaRanges compressTypes, long compressMinSize, long compressMaxSize) {

    private static final String TYPES = "text/*, application/json, application/*+json, application/x-ndjson,"
            + " application/javascript, application/xml, application/*+xml, application/wasm, application/rtf,"
            + " font/otf, font/ttf, image/svg+xml";

    private static final String TYPES_ALLOWED =
            "media ranges such as text/*, application/json or application/*+xml, separated by commas";

    /** Whether bodies are compressed. */
    public enum CompressPolicy {
        /** Never. */
        OFF,
        /** Where the client prefers it, as a representation of its own. */
        ON
    }

    /** No compression. */
    public static CompressOptions defaults() {
        return new CompressOptions(CompressPolicy.OFF, MediaRanges.parse(TYPES).orElseThrow(), 1L << 10, 16L << 20);
    }

    /**
     * Reads init-params.
     *
     * @throws IllegalArgumentException if one is malformed, with its name, its value and what is allowed
     */
    static CompressOptions from(InitParameters parameters) {
        CompressOptions otherwise = defaults();
        return new CompressOptions(
                parameters.choice("compress", otherwise.compress),
                parameters
                        .text("compress-types")
                        .map(value -> MediaRanges.parse(value)
                                .orElseThrow(() -> parameters.malformed("compress-types", value, TYPES_ALLOWED)))
                        .orElse(otherwise.compressTypes),
                parameters.size("compress-min-size", otherwise.compressMinSize),
                parameters.size("compress-max-size", otherwise.compressMaxSize));
    }
}
