// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.Sha256;
import dev.resumable.upload.FormScanner.Piece;
import dev.resumable.upload.UploadOutcome.Failed;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes a form, and hands its field {@code file} on to whom it is for; other fields are passed over. */
final class FormSink extends BodySink {

    /** The most bytes beside the file: of other fields, headers, and what is in front and behind. */
    private static final long MAX_BESIDE = 1 << 20;

    private final FormScanner scanner;
    private final Opening opening;
    private final MessageDigest form = Sha256.newDigest();
    private @Nullable BodySink file;
    private boolean isInFile;
    private long fileBytes;

    /** Opens what the file is for. */
    @FunctionalInterface
    interface Opening {
        /**
         * Opens it.
         *
         * @param form the digest that runs along all bytes of the form
         */
        Reception open(MessageDigest form) throws IOException;
    }

    FormSink(String boundary, Opening opening) {
        this.scanner = new FormScanner(boundary);
        this.opening = opening;
    }

    @Override
    protected Optional<UploadOutcome> take(byte[] bytes, int offset, int length) throws IOException {
        form.update(bytes, offset, length);
        scanner.add(bytes, offset, length);
        Optional<UploadOutcome> end = Optional.empty();
        Piece piece = scanner.next();
        while (end.isEmpty() && !(piece instanceof Piece.Wanting)) {
            end = take(piece);
            piece = scanner.next();
        }
        return end.isEmpty() && taken() - fileBytes > MAX_BESIDE
                ? Optional.of(UploadOutcome.failed(UploadProblem.TOO_LARGE, "The form is too large beside its file."))
                : end;
    }

    private Optional<UploadOutcome> take(Piece piece) throws IOException {
        if (piece instanceof Piece.Field field) {
            isInFile = file == null && PartForm.isFile(field.headers());
            return isInFile ? open() : Optional.empty();
        }
        if (piece instanceof Piece.Content content) {
            return isInFile && file != null ? take(content, file) : Optional.empty();
        }
        return Optional.of(PartForm.malformed("The form is malformed."));
    }

    private Optional<UploadOutcome> open() throws IOException {
        Reception reception = opening.open(form);
        if (reception instanceof Reception.Refused refused) {
            return Optional.of(refused.outcome());
        }
        file = ((Reception.Open) reception).sink();
        file.whenEnded(this::fileEnded);
        return Optional.empty();
    }

    private Optional<UploadOutcome> take(Piece.Content content, BodySink into) {
        fileBytes += content.length();
        return content.length() == 0 || into.write(content.bytes(), content.offset(), content.length())
                ? Optional.empty()
                : Optional.of(into.outcome());
    }

    /**
     * Another request has ended the file: then nobody waits for the rest of the form. If this one has, it is about to end the
     * form, and its answer waits until the lock is free.
     */
    private void fileEnded(UploadOutcome outcome) {
        if (!isMyTurn()) {
            end(Ending.TAKEN_OVER);
        }
    }

    @Override
    protected UploadOutcome finish(Ending how) {
        if (file != null) {
            // Only the last delimiter tells that the file is whole.
            return file.end(how == Ending.WHOLE && !scanner.isWhole() ? Ending.CUT_OFF : how);
        }
        return how == Ending.WHOLE
                ? PartForm.malformed("The form has no field \"file\".")
                : UploadWriting.broken(how, Map.of());
    }

    @Override
    protected Failed fail(IOException failure) {
        return UploadWriting.broken(failure, Map.of());
    }

    @Override
    protected void makeDurable() {
        // Half a part is of no use to anybody.
    }

    @Override
    protected void release() {
        if (file != null) {
            file.end(Ending.CUT_OFF);
        }
    }
}
