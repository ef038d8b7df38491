// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.metrics.TransferEvents;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of a {@link ProxyServlet}; immutable.
 *
 * <p>In web.xml every component but {@code hooks} is an init-param of the same name in kebab-case ({@code idleTimeout} is
 * {@code idle-timeout}); {@code docs/configuration.md} has the table.
 *
 * @param target base URLs, to which the path of a request is joined; of several each is used in turn
 * @param targetFrom where a request names its own target, as {@code parameter:NAME}; empty for never
 * @param allowedTargets the targets that a request may name: {@code https://example.org:8443}, {@code https://*.example.org}
 * @param allowedNetworks networks that such a target may be in although they are not public, as {@code 10.1.0.0/16}
 * @param targetMaxSize the most bytes in an answer of such a target; 0 for no limit
 * @param targetMaxTime the longest time for a whole exchange with it; zero for no limit
 * @param stripPrefix the part of the path behind the context path that is not joined; empty for that of the mapping
 * @param preserveHost whether the upstream server gets the Host field of the client
 * @param forwarded what becomes of the X-Forwarded fields and Forwarded
 * @param via the name of this proxy in Via, or {@value #NO_VIA}
 * @param rewriteLocations whether Location, Content-Location and Refresh are led from the target back to this server
 * @param rewriteCookies whether the Path and Domain of cookies are
 * @param requestFields changes to the fields of every request
 * @param responseFields changes to the fields of every response
 * @param connectTimeout the longest wait for a connection to be made, and for its TLS handshake
 * @param idleTimeout the longest wait for the next byte of an upstream server, or for it to take one; never a limit on the whole
 * @param clientIdleTimeout the longest wait for a client to send the next bytes, or to take them; zero for no limit
 * @param leaseTimeout the longest wait for a free connection
 * @param flushDeadline how long the head of a response waits for first content, at most {@code idleTimeout}; zero for not at all
 * @param maxConnections the most connections to all upstream servers
 * @param maxConnectionsPerHost the most connections to one
 * @param maxQueue the most requests that wait for a connection; past it the answer is 503
 * @param maxHeadLines the most field lines in the head of a response
 * @param maxLineLength the longest line of a head in bytes
 * @param resumeTries the most tries in a row, without a byte of progress, to resume a response that broke; 0 for none
 * @param resumeDelay the wait before the second of such tries; it doubles with each
 * @param events is told of answers that broke; empty for nobody
 * @param hooks functions
 */
public record ProxyConfig(
        List<UpstreamUri> target,
        Optional<String> targetFrom,
        List<AllowedTarget> allowedTargets,
        List<Network> allowedNetworks,
        long targetMaxSize,
        Duration targetMaxTime,
        Optional<String> stripPrefix,
        Switch preserveHost,
        Forwarded forwarded,
        String via,
        Switch rewriteLocations,
        Switch rewriteCookies,
        List<FieldRule> requestFields,
        List<FieldRule> responseFields,
        Duration connectTimeout,
        Duration idleTimeout,
        Duration clientIdleTimeout,
        Duration leaseTimeout,
        Duration flushDeadline,
        int maxConnections,
        int maxConnectionsPerHost,
        int maxQueue,
        int maxHeadLines,
        long maxLineLength,
        int resumeTries,
        Duration resumeDelay,
        Optional<TransferEvents> events,
        ProxyHooks hooks) {

    static final String NO_VIA = "off";

    /** On or off. */
    public enum Switch {
        /** It is done. */
        ON,
        /** It is not done. */
        OFF
    }

    /** What becomes of the fields that tell of the client. */
    public enum Forwarded {
        /** Those of the client are removed, and ours are set. */
        REPLACE,
        /** Ours are added to those of the client: only where a proxy that is trusted stands in front. */
        APPEND,
        /** Those of the client are removed, and none is set. */
        OFF
    }

    /** Takes the lists as copies and checks what the types do not say. */
    public ProxyConfig {
        target = List.copyOf(target);
        allowedTargets = List.copyOf(allowedTargets);
        allowedNetworks = List.copyOf(allowedNetworks);
        requestFields = List.copyOf(requestFields);
        responseFields = List.copyOf(responseFields);
        long sources = Stream.of(
                        !target.isEmpty(),
                        targetFrom.isPresent(),
                        hooks.chooser().isPresent())
                .filter(given -> given)
                .count();
        require(sources == 1, "exactly one of target, targetFrom and a chooser must be given");
        require(targetFrom.isEmpty() || !allowedTargets.isEmpty(), "targetFrom needs allowedTargets");
        require(targetFrom.stream().allMatch(ProxyParameters::isFrom), ProxyParameters.FROM_MUST_BE);
        require(
                targetFrom.isEmpty() || preserveHost == Switch.OFF,
                "preserveHost would lead a request for an allowed target to any host of the same server: not with targetFrom");
        require(
                stripPrefix.stream().allMatch(prefix -> prefix.startsWith("/")),
                "stripPrefix must be " + ProxyParameters.PREFIX_ALLOWED);
        require(FieldSection.isName(via), "via must be " + ProxyParameters.VIA_ALLOWED);
        require(
                Stream.of(connectTimeout, idleTimeout, leaseTimeout).allMatch(time -> time.toMillis() > 0),
                "connectTimeout, idleTimeout and leaseTimeout must be longer than nothing");
        require(
                Stream.of(targetMaxTime, clientIdleTimeout, flushDeadline, resumeDelay)
                        .noneMatch(Duration::isNegative),
                "targetMaxTime, clientIdleTimeout, flushDeadline and resumeDelay must not be negative");
        require(
                maxConnections > 0 && maxConnectionsPerHost > 0 && maxHeadLines > 0 && maxLineLength > 0,
                "maxConnections, maxConnectionsPerHost, maxHeadLines and maxLineLength must be at least 1");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The name of the query parameter that holds the target, where a request names its own. */
    Optional<String> targetParameter() {
        return targetFrom.map(text -> text.substring(ProxyParameters.FROM_PARAMETER.length()));
    }

    /**
     * The defaults for one upstream server.
     *
     * @throws IllegalArgumentException if the URL is malformed
     */
    public static ProxyConfig to(String target) {
        return builder().target(target).build();
    }

    /** A builder that starts with the defaults. It still lacks a target, a chooser or {@code targetFrom}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the components; each method is named after its component. */
    public static final class Builder {

        private List<UpstreamUri> target = List.of();
        private Optional<String> targetFrom = Optional.empty();
        private List<AllowedTarget> allowedTargets = List.of();
        private List<Network> allowedNetworks = List.of();
        private long targetMaxSize = 16L << 30;
        private Duration targetMaxTime = Duration.ofHours(1);
        private Optional<String> stripPrefix = Optional.empty();
        private Switch preserveHost = Switch.OFF;
        private Forwarded forwarded = Forwarded.REPLACE;
        private String via = "resumable";
        private Switch rewriteLocations = Switch.OFF;
        private Switch rewriteCookies = Switch.OFF;
        private List<FieldRule> requestFields = List.of();
        private List<FieldRule> responseFields = List.of();
        private Duration connectTimeout = Duration.ofSeconds(5);
        private Duration idleTimeout = Duration.ofSeconds(60);
        private Duration clientIdleTimeout = Duration.ofSeconds(300);
        private Duration leaseTimeout = Duration.ofSeconds(5);
        private Duration flushDeadline = Duration.ofMillis(200);
        private int maxConnections = 1000;
        private int maxConnectionsPerHost = 1000;
        private int maxQueue = 200;
        private int maxHeadLines = 200;
        private long maxLineLength = 16L << 10;
        private int resumeTries = 5;
        private Duration resumeDelay = Duration.ofMillis(250);
        private Optional<TransferEvents> events = Optional.empty();
        private ProxyHooks hooks = ProxyHooks.none();

        private Builder() {}

        /** Sets one base URL; see {@link ProxyConfig#target()}. */
        public Builder target(String value) {
            return target(List.of(UpstreamUri.parse(value).orElseThrow(ProxyParameters::noTarget)));
        }

        /** See {@link ProxyConfig#target()}. */
        public Builder target(List<UpstreamUri> value) {
            this.target = value;
            return this;
        }

        /** See {@link ProxyConfig#targetFrom()}. */
        public Builder targetFrom(Optional<String> value) {
            this.targetFrom = value;
            return this;
        }

        /** See {@link ProxyConfig#allowedTargets()}. */
        public Builder allowedTargets(List<AllowedTarget> value) {
            this.allowedTargets = value;
            return this;
        }

        /** See {@link ProxyConfig#allowedNetworks()}. */
        public Builder allowedNetworks(List<Network> value) {
            this.allowedNetworks = value;
            return this;
        }

        /** See {@link ProxyConfig#targetMaxSize()}. */
        public Builder targetMaxSize(long value) {
            this.targetMaxSize = value;
            return this;
        }

        /** See {@link ProxyConfig#targetMaxTime()}. */
        public Builder targetMaxTime(Duration value) {
            this.targetMaxTime = value;
            return this;
        }

        /** See {@link ProxyConfig#stripPrefix()}. */
        public Builder stripPrefix(Optional<String> value) {
            this.stripPrefix = value;
            return this;
        }

        /** See {@link ProxyConfig#preserveHost()}. */
        public Builder preserveHost(Switch value) {
            this.preserveHost = value;
            return this;
        }

        /** See {@link ProxyConfig#forwarded()}. */
        public Builder forwarded(Forwarded value) {
            this.forwarded = value;
            return this;
        }

        /** See {@link ProxyConfig#via()}. */
        public Builder via(String value) {
            this.via = value;
            return this;
        }

        /** See {@link ProxyConfig#rewriteLocations()}. */
        public Builder rewriteLocations(Switch value) {
            this.rewriteLocations = value;
            return this;
        }

        /** See {@link ProxyConfig#rewriteCookies()}. */
        public Builder rewriteCookies(Switch value) {
            this.rewriteCookies = value;
            return this;
        }

        /** See {@link ProxyConfig#requestFields()}. */
        public Builder requestFields(List<FieldRule> value) {
            this.requestFields = value;
            return this;
        }

        /** See {@link ProxyConfig#responseFields()}. */
        public Builder responseFields(List<FieldRule> value) {
            this.responseFields = value;
            return this;
        }

        /** See {@link ProxyConfig#connectTimeout()}. */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = value;
            return this;
        }

        /** See {@link ProxyConfig#idleTimeout()}. */
        public Builder idleTimeout(Duration value) {
            this.idleTimeout = value;
            return this;
        }

        /** See {@link ProxyConfig#clientIdleTimeout()}. */
        public Builder clientIdleTimeout(Duration value) {
            this.clientIdleTimeout = value;
            return this;
        }

        /** See {@link ProxyConfig#leaseTimeout()}. */
        public Builder leaseTimeout(Duration value) {
            this.leaseTimeout = value;
            return this;
        }

        /** See {@link ProxyConfig#flushDeadline()}. */
        public Builder flushDeadline(Duration value) {
            this.flushDeadline = value;
            return this;
        }

        /** See {@link ProxyConfig#maxConnections()}. */
        public Builder maxConnections(int value) {
            this.maxConnections = value;
            return this;
        }

        /** See {@link ProxyConfig#maxConnectionsPerHost()}. */
        public Builder maxConnectionsPerHost(int value) {
            this.maxConnectionsPerHost = value;
            return this;
        }

        /** See {@link ProxyConfig#maxQueue()}. */
        public Builder maxQueue(int value) {
            this.maxQueue = value;
            return this;
        }

        /** See {@link ProxyConfig#maxHeadLines()}. */
        public Builder maxHeadLines(int value) {
            this.maxHeadLines = value;
            return this;
        }

        /** See {@link ProxyConfig#maxLineLength()}. */
        public Builder maxLineLength(long value) {
            this.maxLineLength = value;
            return this;
        }

        /** See {@link ProxyConfig#resumeTries()}. */
        public Builder resumeTries(int value) {
            this.resumeTries = value;
            return this;
        }

        /** See {@link ProxyConfig#resumeDelay()}. */
        public Builder resumeDelay(Duration value) {
            this.resumeDelay = value;
            return this;
        }

        /** See {@link ProxyConfig#events()}. */
        public Builder events(Optional<TransferEvents> value) {
            this.events = value;
            return this;
        }

        /** See {@link ProxyConfig#hooks()}. */
        public Builder hooks(ProxyHooks value) {
            this.hooks = value;
            return this;
        }

        /**
         * The configuration.
         *
         * @throws IllegalArgumentException if components do not fit together
         */
        public ProxyConfig build() {
            return new ProxyConfig(
                    target,
                    targetFrom,
                    allowedTargets,
                    allowedNetworks,
                    targetMaxSize,
                    targetMaxTime,
                    stripPrefix,
                    preserveHost,
                    forwarded,
                    via,
                    rewriteLocations,
                    rewriteCookies,
                    requestFields,
                    responseFields,
                    connectTimeout,
                    idleTimeout,
                    clientIdleTimeout,
                    leaseTimeout,
                    flushDeadline,
                    maxConnections,
                    maxConnectionsPerHost,
                    maxQueue,
                    maxHeadLines,
                    maxLineLength,
                    resumeTries,
                    resumeDelay,
                    events,
                    hooks);
        }
    }
}
