// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.WebApp;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;

/** The same application on all containers at once, for tables with many rows. */
final class EveryContainer implements AutoCloseable {

    private final Map<ContainerKind, EmbeddedContainer> started = new EnumMap<>(ContainerKind.class);

    private EveryContainer() {}

    /** Starts one fresh application on each container. */
    static EveryContainer start(Supplier<WebApp> app) {
        EveryContainer all = new EveryContainer();
        try {
            for (ContainerKind kind : ContainerKind.running()) {
                all.started.put(kind, kind.start(app.get()));
            }
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** Gives the one of this kind. */
    EmbeddedContainer on(ContainerKind kind) {
        EmbeddedContainer container = started.get(kind);
        if (container == null) {
            throw new IllegalStateException(kind + " was not started");
        }
        return container;
    }

    @Override
    public void close() {
        started.values().forEach(EmbeddedContainer::close);
    }
}
