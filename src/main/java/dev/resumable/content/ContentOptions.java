// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.RangeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a deployer may choose about answers; the part of the configuration that all features share.
 *
 * @param etag what the entity-tag of a file is made of
 * @param syncDigestSize the most bytes that are digested while a request waits: of a file with {@code etag=auto},
 *     and of a part for its Content-Digest
 * @param digestIndex the file that keeps digests of files over a restart; empty for none
 * @param digestWarmUp whether files are digested before they are asked for
 * @param fileCacheSize the most bytes of files up to 64 KiB that are kept in the heap after they were sent; 0 for none
 * @param maxRanges the most members of a range set; past it the answer is 200, and 0 turns ranges off
 * @param maxOverlaps the most members that overlap others; past it the answer is 200
 * @param maxDescendingRanges the most members that start before their predecessor; past it the answer is 200
 * @param rangePartOverhead bytes that a part is reckoned to cost beside its own
 * @param rangeAllowance bytes by which a multipart answer may exceed the whole
 * @param reprDigest when Repr-Digest is sent (RFC 9530 §3)
 * @param contentDigest when Content-Digest is sent (RFC 9530 §2)
 * @param send whether bodies may go on after the call that sends them has returned
 * @param sendfileAfter for how long nothing must have happened to a file that is left to the container's sendfile
 * @param sendIdleTimeout for how long a client may take nothing of a body that waits for it; zero for no limit
 */
public record ContentOptions(
        EntityTagSource.Policy etag,
        long syncDigestSize,
        Optional<Path> digestIndex,
        WarmUp digestWarmUp,
        long fileCacheSize,
        int maxRanges,
        int maxOverlaps,
        int maxDescendingRanges,
        int rangePartOverhead,
        long rangeAllowance,
        DigestPolicy reprDigest,
        DigestPolicy contentDigest,
        SendPolicy send,
        Duration sendfileAfter,
        Duration sendIdleTimeout) {

    /** When a digest field is sent. */
    public enum DigestPolicy {
        /** Not even when asked. */
        NEVER,
        /** When the request has the matching Want- field. */
        WANTED,
        /** On every answer where the digest is known. */
        ALWAYS
    }

    /** Whether the thread of a request waits for its client. */
    public enum SendPolicy {
        /** Not where the container can do without. */
        NON_BLOCKING,
        /** It does: all is sent before filters in front go on, for those that still write, flush or close then. */
        BLOCKING
    }

    /** Whether files are digested before they are asked for. */
    public enum WarmUp {
        /** The first request of a file finds that it has no digest. */
        OFF,
        /** All files are digested after the start, in the background and one after the other. */
        ON
    }

    /** Default limits, digests when they are asked for. */
    public static ContentOptions defaults() {
        return builder().build();
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The same without ranges: answers are whole and have {@code Accept-Ranges: none}. */
    public ContentOptions withoutRanges() {
        return new ContentOptions(
                etag,
                syncDigestSize,
                digestIndex,
                digestWarmUp,
                fileCacheSize,
                0,
                maxOverlaps,
                maxDescendingRanges,
                rangePartOverhead,
                rangeAllowance,
                reprDigest,
                contentDigest,
                send,
                sendfileAfter,
                sendIdleTimeout);
    }

    /** Checks the numbers: none may be negative. */
    public ContentOptions {
        if (syncDigestSize < 0 || fileCacheSize < 0) {
            throw new IllegalArgumentException("sizes must not be negative: syncDigestSize " + syncDigestSize
                    + ", fileCacheSize " + fileCacheSize);
        }
        if (sendfileAfter.isNegative() || sendIdleTimeout.isNegative()) {
            throw new IllegalArgumentException("times must not be negative: " + sendfileAfter + ", " + sendIdleTimeout);
        }
        new RangeLimits(maxRanges, maxOverlaps, maxDescendingRanges, rangePartOverhead, rangeAllowance);
    }

    RangeLimits limits() {
        return new RangeLimits(maxRanges, maxOverlaps, maxDescendingRanges, rangePartOverhead, rangeAllowance);
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private EntityTagSource.Policy etag = EntityTagSource.Policy.AUTO;
        private long syncDigestSize = 16L << 20;
        private Optional<Path> digestIndex = Optional.empty();
        private WarmUp digestWarmUp = WarmUp.OFF;
        private long fileCacheSize = 4L << 20;
        private int maxRanges = RangeLimits.defaults().maxRanges();
        private int maxOverlaps = RangeLimits.defaults().maxOverlaps();
        private int maxDescendingRanges = RangeLimits.defaults().maxDescending();
        private int rangePartOverhead = RangeLimits.defaults().partOverhead();
        private long rangeAllowance = RangeLimits.defaults().allowance();
        private DigestPolicy reprDigest = DigestPolicy.WANTED;
        private DigestPolicy contentDigest = DigestPolicy.WANTED;
        private SendPolicy send = SendPolicy.NON_BLOCKING;
        private Duration sendfileAfter = Duration.ofMinutes(10);
        private Duration sendIdleTimeout = Duration.ofMinutes(5);

        private Builder() {}

        /** See {@link ContentOptions#etag()}. */
        public Builder etag(EntityTagSource.Policy value) {
            this.etag = value;
            return this;
        }

        /** See {@link ContentOptions#syncDigestSize()}. */
        public Builder syncDigestSize(long value) {
            this.syncDigestSize = value;
            return this;
        }

        /** See {@link ContentOptions#digestIndex()}. */
        public Builder digestIndex(Optional<Path> value) {
            this.digestIndex = value;
            return this;
        }

        /** See {@link ContentOptions#digestWarmUp()}. */
        public Builder digestWarmUp(WarmUp value) {
            this.digestWarmUp = value;
            return this;
        }

        /** See {@link ContentOptions#fileCacheSize()}. */
        public Builder fileCacheSize(long value) {
            this.fileCacheSize = value;
            return this;
        }

        /** See {@link ContentOptions#maxRanges()}. */
        public Builder maxRanges(int value) {
            this.maxRanges = value;
            return this;
        }

        /** See {@link ContentOptions#maxOverlaps()}. */
        public Builder maxOverlaps(int value) {
            this.maxOverlaps = value;
            return this;
        }

        /** See {@link ContentOptions#maxDescendingRanges()}. */
        public Builder maxDescendingRanges(int value) {
            this.maxDescendingRanges = value;
            return this;
        }

        /** See {@link ContentOptions#rangePartOverhead()}. */
        public Builder rangePartOverhead(int value) {
            this.rangePartOverhead = value;
            return this;
        }

        /** See {@link ContentOptions#rangeAllowance()}. */
        public Builder rangeAllowance(long value) {
            this.rangeAllowance = value;
            return this;
        }

        /** See {@link ContentOptions#reprDigest()}. */
        public Builder reprDigest(DigestPolicy value) {
            this.reprDigest = value;
            return this;
        }

        /** See {@link ContentOptions#contentDigest()}. */
        public Builder contentDigest(DigestPolicy value) {
            this.contentDigest = value;
            return this;
        }

        /** See {@link ContentOptions#send()}. */
        public Builder send(SendPolicy value) {
            this.send = value;
            return this;
        }

        /** See {@link ContentOptions#sendfileAfter()}. */
        public Builder sendfileAfter(Duration value) {
            this.sendfileAfter = value;
            return this;
        }

        /** See {@link ContentOptions#sendIdleTimeout()}. */
        public Builder sendIdleTimeout(Duration value) {
            this.sendIdleTimeout = value;
            return this;
        }

        /** The options. */
        public ContentOptions build() {
            return new ContentOptions(
                    etag,
                    syncDigestSize,
                    digestIndex,
                    digestWarmUp,
                    fileCacheSize,
                    maxRanges,
                    maxOverlaps,
                    maxDescendingRanges,
                    rangePartOverhead,
                    rangeAllowance,
                    reprDigest,
                    contentDigest,
                    send,
                    sendfileAfter,
                    sendIdleTimeout);
        }
    }
}
