// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest.AcceptedCodings;
import dev.resumable.content.FileState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of files on their way through the chain, as far as it was seen: the paths that were asked for last, and no more.
 *
 * <p>A verdict is of one state of a file. One that is bad stays until the file is another, or until it is forgotten: what
 * stands between may change the bytes for one client and not for the next. Safe for use by many threads.
 */
final class ChainVerdicts {

    private static final int MOST_KNOWN = 1_024;

    private final Map<Way, Seen> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Way, Seen> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    /** What was seen. */
    enum Verdict {
        /** Nothing yet. */
        UNKNOWN,
        /** All bytes of it came as they are in the file. */
        UNCHANGED,
        /** Something else came in its place, once at least. */
        CHANGED,
        /** Other bytes came under the length and date of the file. */
        DISGUISED
    }

    /**
     * A way through the chain.
     *
     * @param codings since a compressor on the way leaves alone what is for a client that accepts no coding
     */
    record Way(String path, AcceptedCodings codings) {}

    private record Seen(FileState state, Verdict verdict) {}

    synchronized Verdict of(Way way, FileState state) {
        Seen known = seen.get(way);
        return known != null && known.state().equals(state) ? known.verdict() : Verdict.UNKNOWN;
    }

    /** Remembers what was seen, unless there is something worse that was seen of the same state. */
    synchronized void tell(Way way, FileState state, Verdict verdict) {
        if (verdict.compareTo(of(way, state)) > 0) {
            seen.put(way, new Seen(state, verdict));
        }
    }
}
