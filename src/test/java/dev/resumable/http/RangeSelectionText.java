// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import dev.resumable.http.RangeSelection.Multipart;
import dev.resumable.http.RangeSelection.Single;
import dev.resumable.http.RangeSelection.Whole;
import java.util.List;
import java.util.stream.Collectors;

/** A selection as one line of text, so that tables can state and compare it. */
public final class RangeSelectionText {
    private RangeSelectionText() {}

    /** Writes one selection. */
    public static String of(RangeSelection selection) {
        if (selection instanceof Whole whole) {
            return "whole " + whole.why();
        }
        if (selection instanceof Single single) {
            return "single " + positions(List.of(single.range()));
        }
        return selection instanceof Multipart multipart
                ? "multipart " + positions(multipart.ranges())
                : "unsatisfiable";
    }

    private static String positions(List<ByteRange> ranges) {
        return ranges.stream().map(range -> range.first() + "-" + range.last()).collect(Collectors.joining(" "));
    }
}
