// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import java.nio.file.Path;
import java.time.Instant;

/** A process that adds to an index and saves it, again and again, until it is killed. */
final class IndexSaver {

    private IndexSaver() {}

    /** Takes the index, a file and a name for the keys of its own. */
    public static void main(String[] arguments) {
        DigestIndex index = DigestIndex.open(Path.of(arguments[0]));
        for (long i = 0; ; i++) {
            FileState state = new FileState(arguments[2] + i, i, Instant.EPOCH, Instant.EPOCH);
            index.put(Path.of(arguments[1]), state, new byte[32]);
            index.save();
        }
    }
}
