// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.BodyBlocks.Lifetime;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A representation that is being sent, and what is open for that: freed once, by whoever ends the answer first. */
final class OpenAnswer {

    private static final Logger LOG = System.getLogger(OpenAnswer.class.getName());

    private final Representation representation;
    private final AnswerObserver observer;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable BodyBlocks blocks;

    OpenAnswer(Representation representation, AnswerObserver observer) {
        this.representation = representation;
        this.observer = observer;
    }

    /** Opens the bytes of a body; what cannot be read fails here. */
    void open(ContentBody body) throws IOException {
        blocks = new BodyBlocks(body, representation);
    }

    Lifetime lifetime() {
        return opened().lifetime();
    }

    /** The next block, as {@link BodyBlocks#next()}. */
    ByteBuffer next() throws IOException {
        return opened().next();
    }

    private BodyBlocks opened() {
        BodyBlocks opened = blocks;
        if (opened == null) {
            throw new IllegalStateException("nothing was opened");
        }
        return opened;
    }

    AnswerObserver observer() {
        return observer;
    }

    /** Ends it with all of it handed to the container. */
    void complete() {
        if (end()) {
            observer.complete();
        }
    }

    /** Ends it before its end; true for the first to do so. */
    boolean breakOff() {
        boolean first = end();
        if (first) {
            observer.broken();
        }
        return first;
    }

    /** Ends it, and tells nobody; true for the first to do so. */
    boolean end() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        BodyBlocks closing = blocks;
        try {
            if (closing != null) {
                closing.close();
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a representation could not be closed: {0}", e.toString());
        } finally {
            representation.release();
        }
        return true;
    }
}
