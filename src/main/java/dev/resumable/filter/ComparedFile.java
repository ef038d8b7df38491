// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.FileRepresentation;
import dev.resumable.filter.ChainVerdicts.Verdict;
import dev.resumable.http.ByteRange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Bytes that come through the chain under the tag of a file, each of which is compared with the file.
 *
 * <p>Length and date alone do not tell whether something on the way has put other bytes in their place. The first time this is
 * found out and changes nothing: whoever does so to every answer is consistent in it. Of what has come unchanged before,
 * clients may hold parts, and the default servlet may be asked for parts; so other bytes break the answer off.
 */
final class ComparedFile implements Selecting.Confirmation {

    private static final Logger LOG = System.getLogger(ComparedFile.class.getName());

    private final ChainFile chainFile;
    private final FileRepresentation file;
    private final FileComparison comparison;
    private final Trust trust;
    private Result result = Result.SAME;

    private enum Trust {
        HELD_TO_IT,
        TO_BE_FOUND_OUT
    }

    private enum Result {
        SAME,
        OTHER,
        UNKNOWN
    }

    private ComparedFile(ChainFile chainFile, FileRepresentation file, ByteRange range, Trust trust) {
        this.chainFile = chainFile;
        this.file = file;
        this.comparison = new FileComparison(file, range);
        this.trust = trust;
    }

    /** All bytes of a file. */
    static Selecting.Confirmation whole(ChainFile chainFile, FileRepresentation file) {
        Trust trust = chainFile.verdict() == Verdict.UNCHANGED ? Trust.HELD_TO_IT : Trust.TO_BE_FOUND_OUT;
        return file.length() == 0
                ? file::requireCurrent
                : new ComparedFile(chainFile, file, new ByteRange(0, file.length() - 1), trust);
    }

    /** Those of one range, which come alone. */
    static Selecting.Confirmation part(ChainFile chainFile, FileRepresentation file, ByteRange range) {
        return new ComparedFile(chainFile, file, range, Trust.HELD_TO_IT);
    }

    @Override
    public void passing(byte[] bytes, int offset, int count) throws IOException {
        if (trust == Trust.HELD_TO_IT) {
            if (!comparison.isSame(bytes, offset, count)) {
                file.requireCurrent();
                chainFile.tell(Verdict.DISGUISED);
                throw new IOException("other bytes came than the file has");
            }
        } else if (result == Result.SAME) {
            result = compare(bytes, offset, count);
        }
    }

    private Result compare(byte[] bytes, int offset, int count) {
        try {
            return comparison.isSame(bytes, offset, count) ? Result.SAME : Result.OTHER;
        } catch (IOException e) {
            // If it is of any account, the last look at the file will see it too.
            LOG.log(Level.DEBUG, "a file could not be compared: {0}", e.toString());
            return Result.UNKNOWN;
        }
    }

    @Override
    public void fellShort() {
        if (trust == Trust.HELD_TO_IT) {
            chainFile.tell(Verdict.CHANGED);
        }
    }

    @Override
    public void confirm() throws IOException {
        close();
        file.requireCurrent();
        if (result == Result.OTHER) {
            chainFile.tell(Verdict.DISGUISED);
        } else if (result == Result.SAME && comparison.isComplete()) {
            chainFile.tell(Verdict.UNCHANGED);
        }
    }

    @Override
    public void close() throws IOException {
        comparison.close();
    }
}
