// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.servlet.InitParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads the configuration of a proxy from init-params. */
final class ProxyParameters {

    private static final String TARGETS_ALLOWED =
            "scheme://host or scheme://host:port, separated by commas; a host may be" + " \"*\" or begin with \"*.\"";
    private static final String NETWORKS_ALLOWED = "networks such as 10.0.0.0/8 or fd00::/8, separated by commas";
    private static final String RULES_ALLOWED = "a line each of \"Name: value\", \"+Name: value\" or \"-Name\","
            + " but no field of the connection or of framing";

    static final String FROM_PARAMETER = "parameter:";

    private static final String TARGET_ALLOWED = "absolute http or https URLs without a fragment, separated by commas";
    private static final String FROM_ALLOWED = "parameter: and a name of letters, digits, '-' and '_'";
    static final String FROM_MUST_BE = "targetFrom must be " + FROM_ALLOWED;
    static final String PREFIX_ALLOWED = "a path that begins with a slash";
    static final String VIA_ALLOWED = "a token, or \"" + ProxyConfig.NO_VIA + "\"";

    private ProxyParameters() {}

    static IllegalArgumentException noTarget() {
        return new IllegalArgumentException("target must be " + TARGET_ALLOWED);
    }

    static boolean isFrom(String text) {
        String name = text.startsWith(FROM_PARAMETER) ? text.substring(FROM_PARAMETER.length()) : "";
        return !name.isEmpty()
                && name.chars().allMatch(c -> c == '-' || c == '_' || (c < 0x80 && Character.isLetterOrDigit(c)));
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a parameter is unknown or malformed, with its name, its value and what is allowed
     */
    static ProxyConfig read(InitParameters parameters) {
        // Of any target: only the other values matter.
        ProxyConfig otherwise = ProxyConfig.to("http://localhost");
        ProxyConfig.Builder config = ProxyConfig.builder()
                .target(list(parameters, "target", ",", UpstreamUri::parse, TARGET_ALLOWED))
                .targetFrom(checked(parameters, "target-from", ProxyParameters::isFrom, FROM_ALLOWED))
                .allowedTargets(list(parameters, "allowed-targets", ",", AllowedTarget::parse, TARGETS_ALLOWED))
                .allowedNetworks(list(parameters, "allowed-networks", ",", Network::parse, NETWORKS_ALLOWED))
                .targetMaxSize(parameters.size("target-max-size", otherwise.targetMaxSize()))
                .targetMaxTime(parameters.time("target-max-time", otherwise.targetMaxTime()))
                .stripPrefix(checked(parameters, "strip-prefix", text -> text.startsWith("/"), PREFIX_ALLOWED))
                .preserveHost(parameters.choice("preserve-host", otherwise.preserveHost()))
                .forwarded(parameters.choice("forwarded", otherwise.forwarded()))
                .via(checked(parameters, "via", FieldSection::isName, VIA_ALLOWED)
                        .orElse(otherwise.via()))
                .rewriteLocations(parameters.choice("rewrite-locations", otherwise.rewriteLocations()))
                .rewriteCookies(parameters.choice("rewrite-cookies", otherwise.rewriteCookies()))
                .requestFields(list(parameters, "request-fields", "\n", FieldRule::parse, RULES_ALLOWED))
                .responseFields(list(parameters, "response-fields", "\n", FieldRule::parse, RULES_ALLOWED))
                .connectTimeout(parameters.time("connect-timeout", otherwise.connectTimeout()))
                .idleTimeout(parameters.time("idle-timeout", otherwise.idleTimeout()))
                .clientIdleTimeout(parameters.time("client-idle-timeout", otherwise.clientIdleTimeout()))
                .leaseTimeout(parameters.time("lease-timeout", otherwise.leaseTimeout()))
                .flushDeadline(parameters.time("flush-deadline", otherwise.flushDeadline()))
                .maxConnections(parameters.count("max-connections", otherwise.maxConnections()))
                .maxConnectionsPerHost(parameters.count("max-connections-per-host", otherwise.maxConnectionsPerHost()))
                .maxQueue(parameters.count("max-queue", otherwise.maxQueue()))
                .maxHeadLines(parameters.count("max-head-lines", otherwise.maxHeadLines()))
                .maxLineLength(parameters.size("max-line-length", otherwise.maxLineLength()))
                .resumeTries(parameters.count("resume-tries", otherwise.resumeTries()))
                .resumeDelay(parameters.time("resume-delay", otherwise.resumeDelay()))
                .events(parameters.instance("events", TransferEvents.class));
        parameters.rejectUnknown();
        return config.build();
    }

    private static Optional<String> checked(
            InitParameters parameters, String name, Predicate<String> rule, String allowed) {
        Optional<String> value = parameters.text(name);
        if (!value.stream().allMatch(rule)) {
            throw parameters.malformed(name, value.orElse(""), allowed);
        }
        return value;
    }

    private static <T> List<T> list(
            InitParameters parameters,
            String name,
            String separator,
            Function<String, Optional<T>> parser,
            String allowed) {
        String value = parameters.text(name).orElse("");
        List<T> items = new ArrayList<>();
        for (String item : value.split(separator, -1)) {
            if (!item.isBlank()) {
                items.add(parser.apply(item.strip()).orElseThrow(() -> parameters.malformed(name, value, allowed)));
            }
        }
        return items;
    }
}
