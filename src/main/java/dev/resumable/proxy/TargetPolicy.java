// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a target may be that a request has named itself: on the list, at public addresses, and not this server.
 *
 * <p>A name is resolved once. The addresses that were checked are the ones that are connected to, also by a repeated or a
 * resumed request, so a name that changes its address in between gains nothing.
 */
final class TargetPolicy {

    /** RFC 9110 §11, §10.1.3, RFC 6265: what the client has for this server is not meant for another one. */
    private static final Set<String> AMBIENT = Set.of("cookie", "authorization", "referer");

    /**
     * What another server may say under the name of this one: it describes its content, and how that may be kept and asked for.
     * Cookies, and all fields that act on an origin or its other pages, are not here, nor will be those that are yet to come.
     */
    private static final Set<String> OF_CONTENT = Set.of(
            "content-type",
            "content-encoding",
            "content-language",
            "content-range",
            "content-disposition",
            "content-digest",
            "repr-digest",
            "accept-ranges",
            "etag",
            "last-modified",
            "cache-control",
            "pragma",
            "expires",
            "age",
            "date",
            "vary",
            "via",
            "allow",
            "location",
            "retry-after");

    private final List<AllowedTarget> allowed;
    private final List<Network> networks;
    private final Resolver resolver;

    /** Finds the addresses of a host. */
    @FunctionalInterface
    interface Resolver {
        List<InetAddress> resolve(String host) throws UnknownHostException;
    }

    TargetPolicy(List<AllowedTarget> allowed, List<Network> networks, Resolver resolver) {
        this.allowed = allowed;
        this.networks = networks;
        this.resolver = resolver;
    }

    static List<InetAddress> resolveBySystem(String host) throws UnknownHostException {
        return List.of(InetAddress.getAllByName(host));
    }

    /**
     * The only addresses that a request to this target may be sent to.
     *
     * @return empty if it is refused, for whatever reason
     */
    Optional<List<InetAddress>> addressesOf(UpstreamUri target, HttpServletRequest request) {
        if (allowed.stream().noneMatch(entry -> entry.includes(target))) {
            return Optional.empty();
        }
        try {
            Optional<InetAddress> literal = target.address();
            List<InetAddress> addresses =
                    literal.isPresent() ? List.of(literal.get()) : List.copyOf(resolver.resolve(target.host()));
            boolean all = !addresses.isEmpty() && addresses.stream().allMatch(this::mayBeConnected);
            return all && !isThisServer(addresses, target.port(), request) ? Optional.of(addresses) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean mayBeConnected(InetAddress address) {
        return PublicAddress.isPublic(address) || networks.stream().anyMatch(network -> network.contains(address));
    }

    private static boolean isThisServer(List<InetAddress> addresses, int port, HttpServletRequest request)
            throws IOException {
        if (port != request.getLocalPort()) {
            return false;
        }
        for (InetAddress address : addresses) {
            if (address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null) {
                return true;
            }
        }
        return false;
    }

    /** Removes what a client sends to this server without being asked, and what is known of the client itself. */
    static void cleanRequest(FieldSection fields) {
        fields.removeAll(AMBIENT).removeIf(ForwardedFields::tellsOfClient);
    }

    /** Leaves what tells of the content, and has browsers show that as what it says it is, and apart from this origin. */
    static void cleanResponse(FieldSection fields) {
        fields.removeIf(name -> !OF_CONTENT.contains(name.toLowerCase(Locale.ROOT)));
        fields.set("X-Content-Type-Options", "nosniff");
        fields.set("Content-Security-Policy", "sandbox");
    }
}
