// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.Optional;

/** A {@code qvalue}, RFC 9110 §12.4.2, in thousandths from 0 (not acceptable) to {@link #FULL}. */
final class Weight {
    /** The weight of what carries none. */
    static final int FULL = 1000;

    private static final int MAX_DECIMALS = 3;

    private Weight() {}

    /** Returns the weight that the text is as a whole. */
    static Optional<Integer> parse(String text) {
        FieldCursor cursor = FieldCursor.over(text);
        int thousandths = cursor.skip('1') ? FULL : 0;
        if (thousandths == 0 && !cursor.skip('0')) {
            return Optional.empty();
        }
        if (cursor.skip('.')) {
            int unit = FULL / 10;
            for (int i = 0; i < MAX_DECIMALS && FieldCursor.isDigit(cursor.peek()); i++) {
                thousandths += (cursor.next() - '0') * unit;
                unit /= 10;
            }
        }
        return cursor.atEnd() && thousandths <= FULL ? Optional.of(thousandths) : Optional.empty();
    }
}
