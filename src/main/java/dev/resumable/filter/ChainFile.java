// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileRepresentation;
import dev.resumable.content.FileState;
import dev.resumable.filter.ChainVerdicts.Verdict;
import dev.resumable.filter.ChainVerdicts.Way;
import dev.resumable.filter.ResourceFiles.Found;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A file that goes through the chain, in one state.
 *
 * @param found the file, and its state when it was looked at for this answer
 * @param way the way that it takes
 * @param verdicts what was seen on such ways
 */
record ChainFile(Found found, EntityTagSource tags, Way way, ChainVerdicts verdicts) {

    private FileState state() {
        return found.state();
    }

    long length() {
        return state().size();
    }

    /** The date of the file, as fields carry it. */
    Instant modified() {
        return state().modified().truncatedTo(ChronoUnit.SECONDS);
    }

    /** The file with its tag; empty if it is in another state by now. */
    Optional<FileRepresentation> representation() throws IOException {
        return Optional.of(FileRepresentation.of(found.file(), Optional.empty(), tags))
                .filter(file -> file.state().equals(state()));
    }

    Verdict verdict() {
        return verdicts.of(way, state());
    }

    void tell(Verdict verdict) {
        verdicts.tell(way, state(), verdict);
    }

    /** True if a response has the date of the file, no coding, and no tag that a compressor or an application may have made. */
    boolean isDescribedBy(OwnFields own) {
        return own.lastModified().filter(modified()::equals).isPresent()
                && own.contentCoding().isEmpty()
                && own.strongTag().isEmpty();
    }
}
