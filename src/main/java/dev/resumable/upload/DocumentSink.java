// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Takes a small document into memory, and then acts on it. */
final class DocumentSink extends BodySink {

    private final int maxSize;
    private final Failed tooLarge;
    private final Function<byte[], UploadOutcome> action;
    private final ByteArrayOutputStream document = new ByteArrayOutputStream();

    DocumentSink(int maxSize, Function<byte[], UploadOutcome> action) {
        this(maxSize, UploadOutcome.failed(UploadProblem.TOO_LARGE, "The body is too large."), action);
    }

    /** @param tooLarge the end of a body that has more bytes */
    DocumentSink(int maxSize, Failed tooLarge, Function<byte[], UploadOutcome> action) {
        this.maxSize = maxSize;
        this.tooLarge = tooLarge;
        this.action = action;
    }

    @Override
    protected Optional<UploadOutcome> take(byte[] bytes, int offset, int length) {
        if (length > maxSize - document.size()) {
            return Optional.of(tooLarge);
        }
        document.write(bytes, offset, length);
        return Optional.empty();
    }

    @Override
    protected UploadOutcome finish(Ending how) {
        return how == Ending.WHOLE ? action.apply(document.toByteArray()) : UploadWriting.broken(how, Map.of());
    }

    @Override
    protected UploadOutcome fail(IOException failure) {
        return UploadWriting.broken(failure, Map.of());
    }

    @Override
    protected void makeDurable() {
        // Nothing was promised yet.
    }

    @Override
    protected void release() {
        // Nothing is held.
    }
}
