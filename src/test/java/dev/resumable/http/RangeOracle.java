// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What RFC 9110 says about one {@code Range} field value, written down a second time from its text alone.
 *
 * <p>It shares nothing with the code that it judges: it splits where that code scans, recurses where that loops, counts
 * in BigInteger where that saturates, joins by comparing all pairs where that sorts. It is slow and that is fine.
 */
public final class RangeOracle {
    private final BigInteger length;
    private final RangeLimits limits;

    /** Judges ranges of a representation of this many bytes. */
    public RangeOracle(long completeLength, RangeLimits limits) {
        this.length = BigInteger.valueOf(completeLength);
        this.limits = limits;
    }

    /** Both ends included, still without regard to the length; a suffix has no first, an open range no last. */
    private record Asked(List<BigInteger> first, List<BigInteger> last) {}

    private record Span(BigInteger first, BigInteger last) {
        boolean meets(Span other) {
            return first.max(other.first).compareTo(last.min(other.last)) <= 0;
        }

        Span with(Span other) {
            return new Span(first.min(other.first), last.max(other.last));
        }

        BigInteger size() {
            return last.subtract(first).add(BigInteger.ONE);
        }
    }

    /** Returns "ignored", "whole" and the reason, "unsatisfiable", or "single" or "multipart" and the positions. */
    public String decide(String fieldValue) {
        String value = withoutEdges(fieldValue);
        int equals = value.indexOf('=');
        if (equals < 0 || !isBytes(value.substring(0, equals))) {
            return "ignored";
        }
        List<Asked> asked = new ArrayList<>();
        if (!understood(value.substring(equals + 1).split(",", -1), asked) || asked.isEmpty()) {
            return "ignored";
        }
        return length.signum() == 0 ? "whole NOTHING_TO_CUT" : decide(asked);
    }

    private String decide(List<Asked> asked) {
        if (asked.size() > limits.maxRanges()) {
            return "whole TOO_MANY_RANGES";
        }
        List<Span> spans = new ArrayList<>();
        asked.forEach(one -> addIfSatisfiable(one, spans));
        if (spans.isEmpty()) {
            return "unsatisfiable";
        }
        int descents = descents(spans, 1);
        int before = spans.size();
        joinAll(spans);
        if (before - spans.size() > limits.maxOverlaps()) {
            return "whole TOO_MANY_OVERLAPS";
        }
        if (descents > limits.maxDescending()) {
            return "whole TOO_MANY_DESCENDING";
        }
        return spans.size() > 1 && tooLarge(spans) ? "whole LARGER_THAN_WHOLE" : rendered(spans);
    }

    // ---- grammar: range-set = 1#range-spec as a recipient reads it, §5.6.1.2

    private static boolean understood(String[] elements, List<Asked> asked) {
        for (int i = 0; i < elements.length; i++) {
            // Whitespace in a list stands next to a comma only; none of it before the first element, unless that is
            // empty and followed by a comma.
            String element = withoutEdges(elements[i]);
            if (element.isEmpty()) {
                continue;
            }
            boolean misplaced = i == 0 && isWhitespace(elements[0].charAt(0));
            if (misplaced || !understoodElement(element, asked)) {
                return false;
            }
        }
        return true;
    }

    private static boolean understoodElement(String spec, List<Asked> asked) {
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return false;
        }
        String left = spec.substring(0, dash);
        String right = spec.substring(dash + 1);
        if (!onlyDigits(left, 0) || !onlyDigits(right, 0) || (left.isEmpty() && right.isEmpty())) {
            return false;
        }
        Asked one = new Asked(number(left), number(right));
        asked.add(one);
        boolean closed = !left.isEmpty() && !right.isEmpty();
        return !closed || one.first().get(0).compareTo(one.last().get(0)) <= 0;
    }

    private static List<BigInteger> number(String digits) {
        return digits.isEmpty() ? List.of() : List.of(new BigInteger(digits));
    }

    private static boolean onlyDigits(String text, int from) {
        return from == text.length()
                || ("0123456789".contains(text.substring(from, from + 1)) && onlyDigits(text, from + 1));
    }

    private static boolean isBytes(String unit) {
        return unit.length() == 5
                && "bB".indexOf(unit.charAt(0)) >= 0
                && "yY".indexOf(unit.charAt(1)) >= 0
                && "tT".indexOf(unit.charAt(2)) >= 0
                && "eE".indexOf(unit.charAt(3)) >= 0
                && "sS".indexOf(unit.charAt(4)) >= 0;
    }

    private static String withoutEdges(String text) {
        if (!text.isEmpty() && isWhitespace(text.charAt(0))) {
            return withoutEdges(text.substring(1));
        }
        if (!text.isEmpty() && isWhitespace(text.charAt(text.length() - 1))) {
            return withoutEdges(text.substring(0, text.length() - 1));
        }
        return text;
    }

    private static boolean isWhitespace(char c) {
        return c == 32 || c == 9;
    }

    // ---- meaning: §14.1.2, §14.2, §15.3.7.2

    private void addIfSatisfiable(Asked one, List<Span> spans) {
        BigInteger end = length.subtract(BigInteger.ONE);
        if (one.first().isEmpty()) {
            BigInteger suffix = one.last().get(0);
            if (suffix.signum() > 0) {
                spans.add(new Span(length.subtract(suffix).max(BigInteger.ZERO), end));
            }
        } else if (one.first().get(0).compareTo(end) <= 0) {
            BigInteger last = one.last().isEmpty() ? end : one.last().get(0).min(end);
            spans.add(new Span(one.first().get(0), last));
        }
    }

    private static int descents(List<Span> spans, int from) {
        int found = 0;
        for (int i = from; i < spans.size(); i++) {
            found += spans.get(i - 1).first().compareTo(spans.get(i).first()) > 0 ? 1 : 0;
        }
        return found;
    }

    /** Joins any two that meet until none do; the earlier place keeps the result. */
    private static void joinAll(List<Span> spans) {
        for (int i = 0; i < spans.size(); i++) {
            for (int j = i + 1; j < spans.size(); j++) {
                if (spans.get(i).meets(spans.get(j))) {
                    spans.set(i, spans.get(i).with(spans.remove(j)));
                    joinAll(spans);
                    return;
                }
            }
        }
    }

    private boolean tooLarge(List<Span> spans) {
        BigInteger answer = BigInteger.ZERO;
        for (Span span : spans) {
            answer = answer.add(span.size()).add(BigInteger.valueOf(limits.partOverhead()));
        }
        return answer.compareTo(length.add(BigInteger.valueOf(limits.allowance()))) > 0;
    }

    private static String rendered(List<Span> spans) {
        StringBuilder text = new StringBuilder(spans.size() == 1 ? "single" : "multipart");
        spans.forEach(span -> text.append(' ').append(span.first()).append('-').append(span.last()));
        return text.toString();
    }
}
