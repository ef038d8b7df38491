// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.UploadState;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the numbers of an append come to, before its first byte.
 *
 * @param problem why it cannot be taken
 * @param length the complete length of the upload, as far as it is known with this request
 * @param room the most bytes that the body may have
 */
record AppendCheck(Optional<Failed> problem, OptionalLong length, long room) {

    /** Compares a request with the upload that it is for. */
    static AppendCheck of(UploadState state, AppendRequest request, long maxSize, long bytesLeft) {
        if (request.offset() != state.offset()) {
            return refusal(mismatch(state, request));
        }
        if (saysTwoHashes(state, request)) {
            return refusal(UploadOutcome.failed(
                    UploadProblem.MALFORMED_REQUEST, "Another digest of the whole was announced before."));
        }
        if (saysTwoLengths(request)) {
            return refusal(UploadOutcome.failed(
                    UploadProblem.INCONSISTENT_LENGTH, "The last body does not end at the announced length."));
        }
        OptionalLong announced = announced(state, request);
        OptionalLong length = state.length().isPresent() ? state.length() : announced;
        if (announced.isPresent() && length.getAsLong() != announced.getAsLong()) {
            return refusal(UploadOutcome.failed(
                    UploadProblem.INCONSISTENT_LENGTH, "The length of the upload is " + length.getAsLong() + "."));
        }
        if (length.orElse(0) > maxSize) {
            return refusal(tooLarge("An upload may have " + maxSize + " bytes.", state));
        }
        if (length.orElse(state.offset()) < state.offset()) {
            return refusal(UploadOutcome.failed(
                    UploadProblem.INCONSISTENT_LENGTH, "The upload has more bytes already than its length."));
        }
        if (length.orElse(0) > bytesLeft && state.length().isEmpty()) {
            return refusal(overQuota());
        }
        long room = Math.max(0, length.orElse(Math.min(maxSize, bytesLeft)) - state.offset());
        if (request.contentLength().orElse(0) > room) {
            return refusal(length.isEmpty() && bytesLeft < maxSize ? overQuota() : beyond(state.offset(), length));
        }
        return new AppendCheck(Optional.empty(), length, room);
    }

    /** The same with less room. */
    AppendCheck withRoom(long bytes) {
        return new AppendCheck(problem, length, Math.min(room, bytes));
    }

    /** The answer to an offset that is not that of the upload. */
    static Failed mismatch(UploadState state, AppendRequest request) {
        return UploadOutcome.failed(
                UploadProblem.OFFSET_MISMATCH,
                "The upload is at offset " + state.offset() + ".",
                Map.of("expected-offset", state.offset(), "provided-offset", request.offset()));
    }

    /** The length that the request says, outright or by being the last one. */
    private static OptionalLong announced(UploadState state, AppendRequest request) {
        boolean tells = request.finality() == Finality.LAST
                && request.uploadLength().isEmpty()
                && request.contentLength().isPresent();
        return tells
                ? OptionalLong.of(
                        saturatedSum(state.offset(), request.contentLength().getAsLong()))
                : request.uploadLength();
    }

    private static boolean saysTwoHashes(UploadState state, AppendRequest request) {
        Optional<String> before = state.plan().sha256();
        return before.isPresent()
                && request.sha256().isPresent()
                && !before.get().equals(request.sha256().get());
    }

    private static boolean saysTwoLengths(AppendRequest request) {
        return request.finality() == Finality.LAST
                && request.uploadLength().isPresent()
                && request.contentLength().isPresent()
                && request.uploadLength().getAsLong()
                        != saturatedSum(
                                request.offset(), request.contentLength().getAsLong());
    }

    private static long saturatedSum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private static AppendCheck refusal(Failed failed) {
        return new AppendCheck(Optional.of(failed), OptionalLong.empty(), 0);
    }

    private static Failed tooLarge(String detail, UploadState state) {
        return UploadOutcome.failed(UploadProblem.TOO_LARGE, detail, Map.of("offset", state.offset()));
    }

    /** The answer to a body that is longer than what the upload has room for; with its length, if that is the reason. */
    static Failed beyond(long offset, OptionalLong length) {
        return UploadOutcome.failed(
                UploadProblem.TOO_LARGE,
                "The upload takes no more than it has room for.",
                length.isPresent() ? Map.of("offset", offset, "length", length.getAsLong()) : Map.of("offset", offset));
    }

    /** The answer to more bytes than the owner may have. */
    static Failed overQuota() {
        return UploadOutcome.failed(
                UploadProblem.QUOTA_EXCEEDED, "Files and unfinished uploads would take more than they may.");
    }
}
