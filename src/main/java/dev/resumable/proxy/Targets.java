// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.Targets.Found.Origin;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Finds the URL that a request is passed on to. */
final class Targets {

    private final ProxyConfig config;
    private final Optional<TargetChooser> chooser;

    Targets(ProxyConfig config) {
        this.config = config;
        this.chooser = config.hooks()
                .chooser()
                .or(() -> config.target().isEmpty()
                        ? Optional.empty()
                        : Optional.of(TargetChooser.roundRobin(config.target())));
    }

    /** Where a request goes, or why nowhere. */
    sealed interface Choice {}

    /**
     * A target.
     *
     * @param base the base of it that belongs to the public prefix
     * @param uri the whole URL
     * @param publicPrefix the path on this server that stands for the base
     * @param origin who has chosen it
     */
    record Found(UpstreamUri base, UpstreamUri uri, String publicPrefix, Origin origin) implements Choice {

        /** Who has chosen a target. */
        enum Origin {
            DEPLOYER,
            REQUEST
        }
    }

    /** None. */
    record NotFound(ProxyProblem problem) implements Choice {}

    Choice choose(HttpServletRequest request) {
        return chooser.isPresent() ? joined(chooser.get(), request) : named(request);
    }

    private Choice joined(TargetChooser chosenBy, HttpServletRequest request) {
        Optional<MappedPath> path = MappedPath.of(request, config.stripPrefix());
        if (path.isEmpty()) {
            return new NotFound(ProxyProblem.NOT_FOUND);
        }
        String rest = path.get().rest();
        Optional<String> query = Optional.ofNullable(request.getQueryString());
        if (!path.get().staysWithin()
                || !UpstreamUri.isSendable(rest)
                || !query.stream().allMatch(UpstreamUri::isSendable)) {
            return new NotFound(ProxyProblem.BAD_REQUEST);
        }
        UpstreamUri base = chosenBy.choose(request);
        return new Found(base, base.join(rest, query), path.get().prefix(), Origin.DEPLOYER);
    }

    private Choice named(HttpServletRequest request) {
        String method = request.getMethod();
        if (!method.equals("GET") && !method.equals("HEAD") && !method.equals("OPTIONS")) {
            // Whoever may name a server may read from it, not act on it.
            return new NotFound(ProxyProblem.METHOD_REFUSED);
        }
        return config.targetParameter()
                .flatMap(name -> parameter(name, request.getQueryString()))
                // What is not ASCII would have to be coded again, in a way that only its author knows.
                .filter(text -> text.chars().allMatch(c -> c <= 0x7E))
                .flatMap(UpstreamUri::parse)
                .<Choice>map(uri -> new Found(uri, uri, request.getRequestURI(), Origin.REQUEST))
                .orElse(new NotFound(ProxyProblem.TARGET_REFUSED));
    }

    /** From the raw query: {@code getParameter} may read the content of the request. */
    private static Optional<String> parameter(String name, String query) {
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return decoded(pair.substring(name.length() + 1));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> decoded(String value) {
        try {
            return Optional.of(URLDecoder.decode(value, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
