// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.bench.Throughput.Unit;
import dev.resumable.testing.ContainerKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A large download through each proxy, all of them in front of the same server. */
record ProxyThroughput(Throughput load) implements Workload {

    static ProxyThroughput of(Settings settings) {
        long length = settings.proxiedLength();
        return new ProxyThroughput(new Throughput(
                "Proxy: GET of " + (length >> 20) + " MiB through it, one keep-alive connection",
                Unit.BYTES,
                Set.of(),
                1,
                server -> () -> Connection.get("/" + length),
                new Expected(200, length),
                1,
                settings));
    }

    @Override
    public String title() {
        return load.title();
    }

    @Override
    public List<String> columns() {
        return load.columns();
    }

    @Override
    public List<Row> run(Lineup lineup) throws IOException {
        Map<String, ServerProcess> proxies = new LinkedHashMap<>();
        try (ServerProcess origin = ServerProcess.java(
                OriginServer.class,
                lineup.site().directory().resolve("large.bin").toString())) {
            for (ProxyContestant contestant : ProxyContestant.values()) {
                start(contestant, lineup.kind(), origin.port())
                        .ifPresent(proxy -> proxies.put(contestant.title(), proxy));
            }
            return load.run(lineup.kind(), proxies);
        } finally {
            proxies.values().forEach(ServerProcess::close);
        }
    }

    private static Optional<ServerProcess> start(ProxyContestant contestant, ContainerKind kind, int origin)
            throws IOException {
        return switch (contestant) {
            case RELAY -> Optional.of(ServerProcess.java(RelayServer.class, "" + origin));
            case NGINX -> NativeServers.proxy(origin);
            default -> Optional.of(ServerProcess.java(ProxyServer.class, kind.name(), contestant.name(), "" + origin));
        };
    }
}
