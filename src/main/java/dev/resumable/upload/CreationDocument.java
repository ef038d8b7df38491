// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The document that creates an upload: {@code {"fileName","size","sha256"?,"partSize"?}}; other members are passed over.
 *
 * @param fileName text without control characters
 * @param size in bytes; a number that no {@code long} holds is the largest one
 * @param sha256 64 hexadecimal digits, in lower case here
 * @param partSize the wished size of a part
 */
record CreationDocument(String fileName, long size, Optional<String> sha256, OptionalLong partSize) {

    private static final int MAX_NAME = 1024;
    private static final int SHA256_DIGITS = 64;

    /** What reading came to. */
    sealed interface Reading {
        /** It is right. */
        record Understood(CreationDocument document) implements Reading {}

        /** It is not. */
        record Malformed(Failed failed) implements Reading {}
    }

    /** Reads the bytes of a request. */
    static Reading read(byte[] json) {
        Optional<Map<String, Object>> members = PartsDocument.read(json);
        if (members.isEmpty()) {
            return malformed("The body is not a JSON object.");
        }
        Object name = members.get().get("fileName");
        if (!(name instanceof String fileName) || !isName(fileName)) {
            return malformed("fileName must be a text of 1 to " + MAX_NAME + " characters, none of them a control.");
        }
        OptionalLong size = number(members.get().get("size"));
        if (size.isEmpty()) {
            return malformed("size must be a whole number of bytes, 0 or more.");
        }
        Object hash = members.get().get("sha256");
        if (hash != null && !isSha256(hash)) {
            return malformed("sha256 must be " + SHA256_DIGITS + " hexadecimal digits.");
        }
        Object wish = members.get().get("partSize");
        OptionalLong partSize = number(wish);
        if (wish != null && partSize.orElse(0) < 1) {
            return malformed("partSize must be a whole number of bytes, 1 or more.");
        }
        return new Reading.Understood(new CreationDocument(
                fileName,
                size.getAsLong(),
                Optional.ofNullable(hash).map(text -> text.toString().toLowerCase(Locale.ROOT)),
                partSize));
    }

    private static Reading malformed(String detail) {
        return new Reading.Malformed(UploadOutcome.failed(UploadProblem.MALFORMED_REQUEST, detail));
    }

    private static boolean isName(String name) {
        return !name.isBlank()
                && name.length() <= MAX_NAME
                && name.codePoints().noneMatch(Character::isISOControl)
                // Half a surrogate pair cannot be written as UTF-8.
                && name.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
    }

    private static OptionalLong number(@Nullable Object value) {
        if (value instanceof Integer || value instanceof Long) {
            long number = ((Number) value).longValue();
            return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
        }
        return value instanceof BigInteger big && big.signum() > 0
                ? OptionalLong.of(Long.MAX_VALUE)
                : OptionalLong.empty();
    }

    private static boolean isSha256(Object value) {
        return value instanceof String text
                && text.length() == SHA256_DIGITS
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
    }
}
