// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.Catalogue.Position;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.StoredFile;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which of the owner's files are asked for, by the query {@code limit=100&after=CURSOR}.
 *
 * <p>Names and values are compared as they came: none of those that are understood needs percent-encoding.
 *
 * @param limit the most files, 1 to {@link #MAX_LIMIT}
 * @param after the file behind which they begin, which need not be there any more
 */
record FilePage(int limit, Optional<Position> after) {

    /** The most files of one page, and as many as there are of one that does not say. */
    static final int MAX_LIMIT = 1000;

    private static final int MAX_DIGITS = 18;

    /** Reads the query of a request. */
    static Reading<FilePage> read(String query) {
        int limit = MAX_LIMIT;
        Optional<Position> after = Optional.empty();
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("limit=")) {
                long number = number(parameter.substring(6));
                if (number < 1) {
                    return Reading.malformed("limit is a whole number, 1 or more.");
                }
                limit = (int) Math.min(number, MAX_LIMIT);
            } else if (parameter.startsWith("after=")) {
                after = position(parameter.substring(6));
                if (after.isEmpty()) {
                    return Reading.malformed("after is a cursor, as the link \"next\" has it.");
                }
            }
        }
        return new Reading.Understood<>(new FilePage(limit, after));
    }

    /** The query of the page that begins behind a file. */
    String queryAfter(StoredFile last) {
        Instant created = last.created();
        return "limit=" + limit + "&after=" + created.getEpochSecond() + "." + created.getNano() + "." + last.id();
    }

    private static Optional<Position> position(String cursor) {
        List<String> pieces = List.of(cursor.split("\\.", -1));
        if (pieces.size() != 3) {
            return Optional.empty();
        }
        long second = number(pieces.get(0));
        long nano = number(pieces.get(1));
        if (second < 0 || nano < 0) {
            return Optional.empty();
        }
        try {
            Instant created = Instant.ofEpochSecond(second, nano);
            return FileId.parse(pieces.get(2)).map(id -> new Position(created, id));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A number of no more than 18 digits, which a long can hold; else -1. */
    private static long number(String text) {
        boolean isNumber =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> '0' <= c && c <= '9');
        return isNumber ? Long.parseLong(text) : -1;
    }
}
