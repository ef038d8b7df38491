// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

/**
 * How an upload of known length is cut into parts: all of one size, the last one holds the rest.
 *
 * @param length the complete length in bytes
 * @param partSize the size of every part but the last, at least 1
 */
public record PartLayout(long length, long partSize) {

    /** The most parts of one upload; S3 has the same bound, so a layout fits there too. */
    public static final int MAX_PARTS = 10_000;

    /** Parts that are smaller than this are allowed, but not many of them: each costs a change of the state. */
    private static final long SMALL_PART = 64 << 10;

    private static final int MAX_SMALL_PARTS = 1_000;

    /** Refuses sizes that cannot be. */
    public PartLayout {
        if (length < 0 || partSize < 1) {
            throw new IllegalArgumentException("length " + length + ", part size " + partSize);
        }
    }

    /** The layout with a wished part size, made larger where there would be too many parts, or too many small ones. */
    public static PartLayout fitting(long length, long wishedPartSize) {
        long notSmall = Math.min(SMALL_PART, sizeForCount(length, MAX_SMALL_PARTS));
        long least = Math.max(notSmall, sizeForCount(length, MAX_PARTS));
        return new PartLayout(length, Math.max(1, Math.max(wishedPartSize, least)));
    }

    private static long sizeForCount(long length, int count) {
        return length / count + (length % count == 0 ? 0 : 1);
    }

    /** How many parts there are; none for an empty file. */
    public int count() {
        return Math.toIntExact(length / partSize + (length % partSize == 0 ? 0 : 1));
    }

    /** Whether there is a part of this number; they count from 1. */
    public boolean has(int number) {
        return 1 <= number && number <= count();
    }

    /** Where a part begins in the whole. */
    public long offsetOf(int number) {
        return (number - 1) * partSize;
    }

    /** The exact size of a part. */
    public long sizeOf(int number) {
        return Math.min(partSize, length - offsetOf(number));
    }
}
