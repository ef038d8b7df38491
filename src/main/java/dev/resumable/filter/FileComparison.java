// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.FileRepresentation;
import dev.resumable.http.ByteRange;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares bytes that pass by with those of a range of a file, which is opened for the first of them. */
final class FileComparison implements Closeable {

    private static final int BLOCK = 16 << 10;

    private final FileRepresentation file;
    private final ByteRange range;
    private volatile @Nullable InputStream opened;
    private byte[] block = {};
    private long compared;

    FileComparison(FileRepresentation file, ByteRange range) {
        this.file = file;
        this.range = range;
    }

    /** True if the next bytes of the range are these. */
    boolean isSame(byte[] bytes, int offset, int count) throws IOException {
        if (count > range.length() - compared) {
            return false;
        }
        for (int done = 0; done < count; ) {
            int some = read(count - done);
            if (some == 0 || !Arrays.equals(block, 0, some, bytes, offset + done, offset + done + some)) {
                return false;
            }
            done += some;
        }
        compared += count;
        return true;
    }

    private int read(int wanted) throws IOException {
        InputStream in = opened;
        if (in == null) {
            in = file.open(range);
            opened = in;
            block = new byte[(int) Math.min(BLOCK, range.length())];
        }
        return in.readNBytes(block, 0, Math.min(wanted, block.length));
    }

    /** True if all bytes of the range were compared. */
    boolean isComplete() {
        return compared == range.length();
    }

    @Override
    public void close() throws IOException {
        InputStream in = opened;
        if (in != null) {
            in.close();
        }
    }
}
