// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadConfig.Credentials;
import dev.resumable.upload.UploadOutcome.Failed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which pages may use the uploads: against forged requests, and for those of allowed origins (Fetch, CORS).
 *
 * <p>A browser says where a request comes from, by {@code Sec-Fetch-Site} or {@code Origin}; old ones do not when a form sends it.
 * A request with neither comes from no page of a browser, unless a form could have made it ({@link FormRequest}).
 */
final class Origins {

    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String MAX_AGE_SECONDS = "86400";

    private final Set<String> allowed;
    private final Credentials credentials;
    private final String requestFields;
    private final String responseFields;

    Origins(UploadConfig config, List<UploadProtocol> protocols) {
        this.allowed = config.allowedOrigins();
        this.credentials = config.credentials();
        this.requestFields =
                names(protocols.stream().map(UploadProtocol::requestFields).toList());
        this.responseFields =
                names(protocols.stream().map(UploadProtocol::responseFields).toList());
    }

    private static String names(List<Set<String>> sets) {
        return sets.stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new)).stream()
                .collect(Collectors.joining(", "));
    }

    /** Why a request must not change anything; safe requests always may. */
    Optional<Failed> refusal(UploadExchange exchange) {
        if (SAFE_METHODS.contains(exchange.method()) || isAllowedOrigin(exchange) || isOwnPage(exchange)) {
            return Optional.empty();
        }
        return Optional.of(
                exchange.hasField("Origin") || exchange.hasField("Sec-Fetch-Site")
                        ? UploadOutcome.failed(
                                UploadProblem.ORIGIN_NOT_ALLOWED, "Pages of this origin may not change uploads here.")
                        : FormRequest.refusal());
    }

    private static boolean isOwnPage(UploadExchange exchange) {
        Optional<String> site = exchange.field("Sec-Fetch-Site");
        if (site.isPresent()) {
            // Nobody types in an address and sends a form by it.
            return site.get().equals("same-origin") || (site.get().equals("none") && !FormRequest.isPossible(exchange));
        }
        if (exchange.hasField("Sec-Fetch-Site")) {
            return false;
        }
        return exchange.hasField("Origin") ? isHostOf(exchange) : !FormRequest.isPossible(exchange);
    }

    /** Compared without the scheme, which a front server that ends TLS does not pass on. */
    private static boolean isHostOf(UploadExchange exchange) {
        String origin = exchange.field("Origin").orElse("").toLowerCase(Locale.ROOT);
        String host = exchange.field("Host")
                .orElseGet(() -> authorityOf(exchange.request()))
                .toLowerCase(Locale.ROOT);
        if (origin.startsWith("https://")) {
            return !host.isEmpty() && without(origin.substring(8), ":443").equals(without(host, ":443"));
        }
        return origin.startsWith("http://")
                && !host.isEmpty()
                && without(origin.substring(7), ":80").equals(without(host, ":80"));
    }

    /**
     * Over HTTP/2 some containers have no Host field, where the request says it by {@code :authority} (RFC 9113 §8.3.1). Where that has
     * no port, they give that of the scheme, which behind a front that ends TLS is not the scheme of the page.
     */
    private static String authorityOf(HttpServletRequest request) {
        int port = request.getServerPort();
        return port == 80 || port == 443 ? request.getServerName() : request.getServerName() + ":" + port;
    }

    private static String without(String text, String ending) {
        return text.endsWith(ending) ? text.substring(0, text.length() - ending.length()) : text;
    }

    private boolean isAllowedOrigin(UploadExchange exchange) {
        Optional<String> origin = exchange.field("Origin");
        return origin.isPresent() && (allowed.contains("*") || allowed.contains(origin.get()));
    }

    /** Lets pages of allowed origins read the answer. */
    void allowReading(UploadExchange exchange) {
        HttpServletResponse response = exchange.response();
        if (allowed.isEmpty()) {
            return;
        }
        response.addHeader("Vary", "Origin");
        if (isAllowedOrigin(exchange)) {
            response.setHeader(
                    "Access-Control-Allow-Origin", exchange.field("Origin").orElse(""));
            response.setHeader("Access-Control-Expose-Headers", responseFields);
            if (credentials == Credentials.ALLOW) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
        }
    }

    /** Answers the question that a browser asks before it sends a request of a page. */
    void allowSending(UploadExchange exchange) {
        if (isAllowedOrigin(exchange) && exchange.hasField("Access-Control-Request-Method")) {
            HttpServletResponse response = exchange.response();
            response.setHeader("Access-Control-Allow-Methods", METHODS);
            response.setHeader("Access-Control-Allow-Headers", requestFields);
            response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        }
    }
}
