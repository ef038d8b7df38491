// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

/**
 * What goes wrong in one direction of a {@link FaultyLink}, once {@code after} bytes have passed in it.
 *
 * @param kind what happens
 * @param after the number of bytes that pass untouched; with 0 it happens at once
 */
public record Fault(Kind kind, long after) {
    /** The ways in which a link fails. */
    public enum Kind {
        /** Nothing happens. */
        NONE,
        /** The receiver sees an orderly end (FIN), the sender loses its connection. */
        CUT,
        /** Both sides get RST; bytes still under way may be lost. */
        RESET,
        /** The receiver sees the end of this direction, what follows is thrown away; the other direction goes on. */
        HALF_CLOSE,
        /** Nothing passes any more and the sender is held up, until {@link FaultyLink#release}. */
        STALL,
        /** Each further byte goes out in a segment of its own. */
        DRIP
    }

    /** Passes everything. */
    public static Fault none() {
        return new Fault(Kind.NONE, Long.MAX_VALUE);
    }

    /** Ends the connection in order after {@code bytes}. */
    public static Fault cutAfter(long bytes) {
        return new Fault(Kind.CUT, bytes);
    }

    /** Resets both sides after {@code bytes}. */
    public static Fault resetAfter(long bytes) {
        return new Fault(Kind.RESET, bytes);
    }

    /** Ends this direction alone after {@code bytes}. */
    public static Fault halfCloseAfter(long bytes) {
        return new Fault(Kind.HALF_CLOSE, bytes);
    }

    /** Holds this direction up after {@code bytes}. */
    public static Fault stallAfter(long bytes) {
        return new Fault(Kind.STALL, bytes);
    }

    /** Sends single bytes after {@code bytes}. */
    public static Fault dripAfter(long bytes) {
        return new Fault(Kind.DRIP, bytes);
    }
}
