// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Upstream servers over HTTP/1.1 by Apache HttpClient 5, of which only the connections and their pool are used.
 *
 * <p>Its client on top of them would add fields, follow redirects, keep cookies and credentials, decode content, repeat
 * requests, ask for TLS upgrades, and read an abandoned answer to its end. What a proxy needs instead is in {@link ApacheCall}.
 */
final class ApacheUpstream implements Upstream {

    private static final Logger LOG = System.getLogger(ApacheUpstream.class.getName());
    private static final Duration UPKEEP = Duration.ofMillis(500);
    /** Shorter than servers keep their side open, so that most dead connections are never tried. */
    private static final TimeValue KEPT_IDLE = TimeValue.ofSeconds(15);

    private final ProxyConfig config;
    private final PoolingHttpClientConnectionManager connections;
    private final ScheduledExecutorService upkeep;
    private final ExecutorService beside = Executors.newCachedThreadPool(ApacheUpstream::daemon);
    private final Set<ContentWatch> sending = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("FutureReturnValueIgnored") // it runs until it is shut down, and never throws
    ApacheUpstream(ProxyConfig config) {
        this.config = config;
        this.connections = pool(config);
        this.upkeep = Executors.newSingleThreadScheduledExecutor(ApacheUpstream::daemon);
        upkeep.scheduleWithFixedDelay(this::keepUp, UPKEEP.toMillis(), UPKEEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "resumable-proxy-upkeep");
        thread.setDaemon(true);
        return thread;
    }

    private static PoolingHttpClientConnectionManager pool(ProxyConfig config) {
        ClientTlsStrategyBuilder tls = ClientTlsStrategyBuilder.create();
        config.hooks().sslContext().ifPresent(tls::setSslContext);
        Http1Config limits = Http1Config.custom()
                // The library counts from one on, and the empty line too.
                .setMaxHeaderCount((int) Math.min(config.maxHeadLines() + 1L, Integer.MAX_VALUE))
                .setMaxLineLength((int) Math.min(config.maxLineLength(), Integer.MAX_VALUE))
                .setMaxEmptyLineCount(1)
                .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(ignored -> new ApacheConnection(limits))
                .setTlsSocketStrategy(tls.buildClassic())
                .setMaxConnTotal(config.maxConnections())
                .setMaxConnPerRoute(config.maxConnectionsPerHost())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(timeout(config.connectTimeout()))
                        .setSocketTimeout(timeout(config.idleTimeout()))
                        // Always: the check also finds bytes that nobody asked for.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .setDefaultSocketConfig(SocketConfig.custom()
                        .setSoTimeout(timeout(config.idleTimeout()))
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setHandshakeTimeout(timeout(config.connectTimeout()))
                        .build())
                .build();
    }

    static Timeout timeout(Duration time) {
        return Timeout.ofMilliseconds(time.toMillis());
    }

    @Override
    public Call call(AddressedRequest request, Optional<RequestBody> body, Interim interim) {
        return new ApacheCall(this, request, body, interim);
    }

    ProxyConfig config() {
        return config;
    }

    PoolingHttpClientConnectionManager connections() {
        return connections;
    }

    /** Connections in use and idle. */
    int openConnections() {
        return connections.getTotalStats().getLeased()
                + connections.getTotalStats().getAvailable();
    }

    /** A server that has dropped one idle connection has probably dropped the others too. */
    void forgetIdle() {
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    /** Runs what may wait for a server for as long as its idle timeout. */
    void beside(Runnable task) {
        beside.execute(task);
    }

    /** Watches a call that sends content: a blocked write has no timeout of its own, and nobody listens meanwhile. */
    void watch(ContentWatch call) {
        sending.add(call);
    }

    void unwatch(ContentWatch call) {
        sending.remove(call);
    }

    private void keepUp() {
        try {
            sending.forEach(this::look);
            connections.closeExpired();
            connections.closeIdle(KEPT_IDLE);
        } catch (RuntimeException e) {
            // One failure must not end the watch.
            LOG.log(Level.WARNING, "idle connections could not be looked after", e);
        }
    }

    private void look(ContentWatch call) {
        try {
            call.look();
        } catch (RuntimeException | OutOfMemoryError e) {
            // The system may give no thread at the moment.
            LOG.log(Level.WARNING, "a call could not be looked after", e);
        }
    }

    @Override
    public void close() {
        upkeep.shutdownNow();
        beside.shutdownNow();
        connections.close(CloseMode.IMMEDIATE);
    }
}
