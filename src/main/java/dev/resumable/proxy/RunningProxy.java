// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.metrics.TransferEvents;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the exchanges of one servlet share. */
final class RunningProxy implements AutoCloseable {

    private final ProxyConfig config;
    private final Upstream upstream;
    private final Targets targets;
    private final TargetPolicy policy;
    private final ForwardedFields forwarded;
    private final RelayThreads threads;
    private final TransferEvents events;
    private final Set<ProxyExchange> exchanges = ConcurrentHashMap.newKeySet();

    RunningProxy(ProxyConfig config, Upstream upstream, TargetPolicy.Resolver resolver) {
        this.config = config;
        this.upstream = upstream;
        this.events = TransferEvents.all(config.events().stream().toList());
        this.targets = new Targets(config);
        this.policy = new TargetPolicy(config.allowedTargets(), config.allowedNetworks(), resolver);
        this.forwarded = new ForwardedFields(config.forwarded(), config.via());
        this.threads =
                new RelayThreads((int) Math.min((long) config.maxConnections() + config.maxQueue(), Integer.MAX_VALUE));
    }

    /**
     * Starts.
     *
     * @throws IllegalArgumentException if the HTTP client is not there
     */
    static RunningProxy start(ProxyConfig config) {
        try {
            return new RunningProxy(config, new ApacheUpstream(config), TargetPolicy::resolveBySystem);
        } catch (NoClassDefFoundError e) {
            throw new IllegalArgumentException(
                    "ProxyServlet needs Apache HttpClient 5: add org.apache.httpcomponents.client5:httpclient5 to the application",
                    e);
        }
    }

    ProxyConfig config() {
        return config;
    }

    Upstream upstream() {
        return upstream;
    }

    Targets targets() {
        return targets;
    }

    TargetPolicy policy() {
        return policy;
    }

    ForwardedFields forwarded() {
        return forwarded;
    }

    RelayThreads threads() {
        return threads;
    }

    TransferEvents events() {
        return events;
    }

    Set<ProxyExchange> exchanges() {
        return exchanges;
    }

    @Override
    public void close() {
        exchanges.forEach(ProxyExchange::cancel);
        upstream.close();
        threads.close();
    }
}
