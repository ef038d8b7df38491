// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.RangeLimits;

/**
 * What a deployer may choose about answers.
 *
 * @param limits bounds on range sets; past one of them the answer is 200
 * @param reprDigest when Repr-Digest is sent (RFC 9530 §3)
 * @param contentDigest when Content-Digest is sent (RFC 9530 §2)
 * @param maxDigestedContent the longest body in bytes that is read an extra time for its Content-Digest
 */
public record ContentOptions(
        RangeLimits limits, DigestPolicy reprDigest, DigestPolicy contentDigest, long maxDigestedContent) {

    private static final long DEFAULT_DIGESTED_CONTENT = 16L << 20;

    /** When a digest field is sent. */
    public enum DigestPolicy {
        /** Not even when asked. */
        NEVER,
        /** When the request has the matching Want- field. */
        WANTED,
        /** On every answer where the digest is known. */
        ALWAYS
    }

    /** Default limits, digests when they are asked for. */
    public static ContentOptions defaults() {
        return new ContentOptions(
                RangeLimits.defaults(), DigestPolicy.WANTED, DigestPolicy.WANTED, DEFAULT_DIGESTED_CONTENT);
    }
}
