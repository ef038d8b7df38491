// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.StateDocument.PartLine;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Everything that is known of one upload at one moment; a change is a new state, stored by compare-and-set.
 *
 * <p>Only what is durable is in here: an offset or a part is added after its bytes are safe and its hash is right.
 *
 * @param id the upload
 * @param plan what does not change
 * @param length the complete length in bytes, once it is known; it never changes then
 * @param offset the bytes from the start that are there without a gap
 * @param parts those that are there, by number; empty if the bytes are appended
 * @param status how far it is
 * @param expires when it may be removed, unless a request is running
 * @param version counts the changes, from 1. It is the fencing number too: a writer that lost its lease finds another
 *     version than it knows, and its change is refused.
 * @param body where appended bytes are, as {@link UploadBodies#create} and {@link BodyWriter#commit} said
 * @param sha256 of the whole, once the server has computed it
 * @param file the file that the upload becomes; chosen before it is made, so that every try makes the same one
 */
public record UploadState(
        UploadId id,
        UploadPlan plan,
        OptionalLong length,
        long offset,
        Map<Integer, Part> parts,
        UploadStatus status,
        Instant expires,
        long version,
        String body,
        Optional<String> sha256,
        Optional<FileId> file) {

    /** Takes the parts as a copy in the order of their numbers. */
    public UploadState {
        // Known to be sorted, so that the next copy need not compare ten thousand numbers.
        parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    }

    /** A new upload without a byte. */
    public static UploadState created(UploadId id, UploadPlan plan, OptionalLong length, Instant expires, String body) {
        return new UploadState(
                id, plan, length, 0, Map.of(), UploadStatus.OPEN, expires, 1, body, Optional.empty(), Optional.empty());
    }

    /** Whether all bytes of a known length are there. */
    public boolean isWhole() {
        return length.isPresent() && offset == length.getAsLong();
    }

    /** Whether nothing is missing but that it becomes a file: it is about to, or is whole and its length alone decides. */
    public boolean awaitsFile() {
        return switch (status) {
            case OPEN -> isWhole() && plan.completion() == UploadPlan.Completion.BY_LENGTH;
            case COMPLETING -> true;
            case COMPLETE -> false;
        };
    }

    /** The bytes that count against the owner's quota: those announced, or those that came if nothing was announced. */
    public long reserved() {
        return length.orElse(offset);
    }

    /** The next state: bytes were appended up to this offset, and the length is known as far as here. */
    public UploadState advanced(OptionalLong newLength, long newOffset, String newBody, Instant newExpiry) {
        return next(newLength, newOffset, parts, status, newExpiry, newBody, sha256, file);
    }

    /** The same state with what the client says the whole will hash to: no change by itself, but to be part of the next one. */
    public UploadState announcing(String announced) {
        return new UploadState(
                id, plan.announcing(announced), length, offset, parts, status, expires, version, body, sha256, file);
    }

    /** The next state: a part came, or came again with other bytes. */
    public UploadState withPart(Part part, Instant newExpiry) {
        Map<Integer, Part> more = new TreeMap<>(parts);
        more.put(part.number(), part);
        return next(length, contiguous(more), more, status, newExpiry, body, sha256, file);
    }

    /** The state after these parts, a version for each, in their order. */
    UploadState withParts(List<PartLine> came) {
        if (came.isEmpty()) {
            return this;
        }
        Map<Integer, Part> more = new TreeMap<>(parts);
        came.forEach(line -> more.put(line.part().number(), line.part()));
        PartLine last = came.get(came.size() - 1);
        return new UploadState(
                id, plan, length, contiguous(more), more, status, last.expires(), last.version(), body, sha256, file);
    }

    /** The next state: hashed, about to become this file, as long as it is now. */
    public UploadState completing(FileId newFile, String newSha256) {
        return next(
                OptionalLong.of(offset),
                offset,
                parts,
                UploadStatus.COMPLETING,
                expires,
                body,
                Optional.of(newSha256),
                Optional.of(newFile));
    }

    /** The next state: the file is in the catalogue. */
    public UploadState completed(Instant newExpiry) {
        return next(length, offset, parts, UploadStatus.COMPLETE, newExpiry, body, sha256, file);
    }

    /** The next state, equal but for its version: whoever knew the old one cannot change the upload any more. */
    public UploadState claimed() {
        return next(length, offset, parts, status, expires, body, sha256, file);
    }

    private static long contiguous(Map<Integer, Part> parts) {
        long sum = 0;
        int expected = 1;
        for (Part part : parts.values()) {
            if (part.number() != expected++) {
                break;
            }
            sum += part.size();
        }
        return sum;
    }

    private UploadState next(
            OptionalLong newLength,
            long newOffset,
            Map<Integer, Part> newParts,
            UploadStatus newStatus,
            Instant newExpiry,
            String newBody,
            Optional<String> newSha256,
            Optional<FileId> newFile) {
        return new UploadState(
                id,
                plan,
                newLength,
                newOffset,
                newParts,
                newStatus,
                newExpiry,
                version + 1,
                newBody,
                newSha256,
                newFile);
    }
}
