// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.util.Random;

/** Random {@code Range} field values that gather around the borders of the rules, seeded. */
public final class RangeFieldGenerator {
    private static final String[] HUGE = {
        "9223372036854775806",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "18446744073709551617",
        "99999999999999999999",
        "100000000000000000000000000000000000000000"
    };
    private static final long[] LENGTHS = {
        0, 1, 2, 3, 10, 25, 1000, 10_000, 1L << 31, (1L << 31) - 1, (1L << 32) + 1, 1L << 62, Long.MAX_VALUE
    };
    private static final String NOISE = "0123456789-,-,= \t+x\"*;.bytes\u0660\n\u00A0";
    private static final int[] COUNTS = {1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6};

    private final Random random;

    /** Makes the same values for the same seed. */
    public RangeFieldGenerator(Random random) {
        this.random = random;
    }

    long completeLength() {
        return oneIn(3) ? random.nextInt(40) : LENGTHS[random.nextInt(LENGTHS.length)];
    }

    /** Makes a value for a representation of this many bytes. */
    public String fieldValue(long completeLength) {
        StringBuilder value = new StringBuilder(unit()).append('=');
        int members = oneIn(500) ? random.nextInt(230) : COUNTS[random.nextInt(COUNTS.length)];
        for (int i = 0; i < members; i++) {
            value.append(i == 0 ? leading() : comma()).append(member(completeLength));
        }
        value.append(oneIn(40) ? comma() : "");
        if (oneIn(6)) {
            damage(value);
        }
        return oneIn(50) ? " " + value + "\t" : value.toString();
    }

    private String unit() {
        if (oneIn(40)) {
            return oneIn(2) ? "items" : "bytes ";
        }
        return oneIn(20) ? "ByTeS" : "bytes";
    }

    private String leading() {
        return oneIn(40) ? comma() : oneIn(80) ? " " : "";
    }

    private String comma() {
        return switch (random.nextInt(12)) {
            case 0 -> ", ";
            case 1 -> " ,";
            case 2 -> "\t,\t ";
            case 3 -> oneIn(4) ? ",," : ",";
            case 4 -> oneIn(4) ? ", , " : ",";
            default -> ",";
        };
    }

    private String member(long completeLength) {
        return switch (random.nextInt(10)) {
            case 0 -> "-" + position(completeLength);
            case 1 -> position(completeLength) + "-";
            case 2 -> position(completeLength) + "-" + position(completeLength);
            default -> closed(completeLength);
        };
    }

    /** Mostly in order, so that sets of several members have a chance to be well-formed. */
    private String closed(long completeLength) {
        long first = near(completeLength);
        long last = first + Math.min(random.nextInt(6), Long.MAX_VALUE - first);
        return first + "-" + (oneIn(30) ? HUGE[random.nextInt(HUGE.length)] : last);
    }

    private String position(long completeLength) {
        if (oneIn(15)) {
            return HUGE[random.nextInt(HUGE.length)];
        }
        return (oneIn(30) ? "00" : "") + near(completeLength);
    }

    private long near(long completeLength) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(4);
            case 1 -> Math.max(0, completeLength - random.nextInt(4));
            case 2 -> completeLength == Long.MAX_VALUE ? completeLength : completeLength + random.nextInt(2);
            default -> completeLength == 0 ? 0 : random.nextLong(completeLength);
        };
    }

    private void damage(StringBuilder value) {
        int at = random.nextInt(value.length());
        switch (random.nextInt(3)) {
            case 0 -> value.deleteCharAt(at);
            case 1 -> value.insert(at, NOISE.charAt(random.nextInt(NOISE.length())));
            default -> value.setCharAt(at, NOISE.charAt(random.nextInt(NOISE.length())));
        }
    }

    private boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }
}
