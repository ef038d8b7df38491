// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest.AcceptedCodings;
import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileState;
import dev.resumable.filter.ChainVerdicts.Way;
import dev.resumable.filter.ResourceFiles.Found;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;

/** Finds the files that the container's default servlet sends through the chain, as far as its declarations can be believed. */
final class ChainFiles {

    private final StaticFiles files;
    private final EntityTagSource tags;
    private final ChainVerdicts verdicts = new ChainVerdicts();

    ChainFiles(StaticFiles files, EntityTagSource tags) {
        this.files = files;
        this.tags = tags;
    }

    /**
     * The file that the default servlet is about to send for this request; empty also while it may still send an earlier state
     * from its cache. What is kept of such a body gets a tag of the bytes that were sent.
     *
     * @param target the request as that servlet sees it
     */
    Optional<ChainFile> find(HttpServletRequest target, AcceptedCodings codings) {
        Optional<Found> found = files.behind(target);
        try {
            return found.isPresent()
                    ? find(found.get(), new Way(StaticFiles.pathOf(target), codings))
                    : Optional.empty();
        } catch (IOException e) {
            // It has gone since it was found.
            return Optional.empty();
        }
    }

    private Optional<ChainFile> find(Found found, Way way) throws IOException {
        FileState state = FileState.of(found.file());
        return files.isBelievable(state)
                ? Optional.of(new ChainFile(new Found(found.file(), state, found.contentType()), tags, way, verdicts))
                : Optional.empty();
    }
}
