// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells whether an address is one of the public Internet, by the IANA registries of special-purpose addresses (RFC 6890).
 *
 * <p>The tests of {@link InetAddress} know only some of them.
 */
final class PublicAddress {

    private static final List<Network> NOT_PUBLIC = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    // IETF protocols, among them Teredo, which hides an IPv4 address.
                    "2001::/23",
                    "2001:db8::/32",
                    "3fff::/20")
            .map(Network::of)
            .toList();

    private static final Network GLOBAL_UNICAST = Network.of("2000::/3");
    private static final Network NAT64 = Network.of("64:ff9b::/96");
    private static final Network SIX_TO_FOUR = Network.of("2002::/16");

    private PublicAddress() {}

    /** False for everything that is local, private, special, or a way to such an address. */
    static boolean isPublic(InetAddress address) {
        Optional<InetAddress> embedded = embedded(address);
        if (embedded.isPresent() && !isPublic(embedded.get())) {
            return false;
        }
        boolean routable =
                address instanceof Inet4Address || GLOBAL_UNICAST.contains(address) || NAT64.contains(address);
        return routable && NOT_PUBLIC.stream().noneMatch(network -> network.contains(address));
    }

    /** The IPv4 address that a gateway would make of an IPv6 address (RFC 6052, RFC 3056, RFC 5214). */
    private static Optional<InetAddress> embedded(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return Optional.empty();
        }
        if (SIX_TO_FOUR.contains(address)) {
            return IpLiteral.address(Arrays.copyOfRange(bytes, 2, 6));
        }
        boolean isatap = (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && (bytes[11] & 0xFF) == 0xFE;
        return isatap || NAT64.contains(address)
                ? IpLiteral.address(Arrays.copyOfRange(bytes, 12, 16))
                : Optional.empty();
    }
}
