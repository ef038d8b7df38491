// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.Representation;
import dev.resumable.http.EntityTag;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was learned of gzip forms: equal bytes have equal coded bytes, so that the form need not be made again to name it.
 *
 * <p>Implementation note: a bounded map in order of use, from the content tag of the body without coding.
 */
final class GzipMemory {

    private static final int MAX_BODIES = 10_000;

    private final Map<EntityTag, Learned> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EntityTag, Learned> eldest) {
            return size() > MAX_BODIES;
        }
    };

    /** What is known of one gzip form. */
    sealed interface Learned {

        /** How long it is, and its digest. */
        record Measured(long length, byte[] sha256) implements Learned {}

        /** It saves nothing, or is too long to be kept. */
        record Useless() implements Learned {}

        /** Nothing yet. */
        record Nothing() implements Learned {}
    }

    Learned recall(Representation identity) {
        Optional<EntityTag> key = key(identity);
        synchronized (known) {
            return key.map(known::get).orElseGet(Learned.Nothing::new);
        }
    }

    void learn(Representation identity, Learned learned) {
        key(identity).ifPresent(key -> {
            synchronized (known) {
                known.put(key, learned);
            }
        });
    }

    /** Nothing is learned of a body whose digest is not known. */
    private static Optional<EntityTag> key(Representation identity) {
        return identity.sha256().map(EntityTagSource::contentTag);
    }
}
