// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.testing.ContainerKind;
import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One container with a running server of each contestant. */
final class Lineup implements AutoCloseable {

    private final ContainerKind kind;
    private final Site site;
    private final Map<Contestant, ServerProcess> servers = new EnumMap<>(Contestant.class);

    private Lineup(ContainerKind kind, Site site) {
        this.kind = kind;
        this.site = site;
    }

    static Lineup start(ContainerKind kind, Site site) throws IOException {
        Lineup lineup = new Lineup(kind, site);
        try {
            for (Contestant contestant : Contestant.values()) {
                lineup.startServer(contestant).ifPresent(server -> lineup.servers.put(contestant, server));
            }
            return lineup;
        } catch (IOException | RuntimeException e) {
            lineup.close();
            throw e;
        }
    }

    private Optional<ServerProcess> startServer(Contestant contestant) throws IOException {
        return contestant.runsInContainer()
                ? Optional.of(ServerProcess.inContainer(kind, contestant, site, ServerProcess.USUAL_HEAP))
                : NativeServers.start(contestant, site);
    }

    ContainerKind kind() {
        return kind;
    }

    Site site() {
        return site;
    }

    /** Those of these contestants that are there, in the order of the report. */
    Set<Contestant> present(Set<Contestant> asked) {
        Set<Contestant> present = EnumSet.copyOf(asked);
        present.retainAll(servers.keySet());
        return present;
    }

    ServerProcess server(Contestant contestant) {
        ServerProcess server = servers.get(contestant);
        if (server == null) {
            throw new IllegalArgumentException(contestant + " is not there");
        }
        return server;
    }

    @Override
    public void close() {
        servers.values().forEach(ServerProcess::close);
    }
}
