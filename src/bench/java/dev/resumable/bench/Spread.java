// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.util.List;
import java.util.Locale;

/** Least, median and greatest of some values. */
record Spread(double min, double median, double max) {

    static Spread of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(sorted.get(0), median, sorted.get(sorted.size() - 1));
    }

    /** As {@code 0.95 / 1.02 / 1.10}; what could not be told apart from nothing is a dash. */
    String asRatio() {
        return Double.isFinite(max) ? number(min) + " / **" + number(median) + "** / " + number(max) : "-";
    }

    /** The median with three digits that matter. */
    String asMedian() {
        return Double.isFinite(median) ? number(median) : "-";
    }

    static String number(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
