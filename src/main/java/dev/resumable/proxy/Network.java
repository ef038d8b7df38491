// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A network in CIDR notation.
 *
 * @param address an address in it
 * @param bits how many bits of the address name the network
 */
public record Network(InetAddress address, int bits) {

    /** Checks the number of bits. */
    public Network {
        if (bits < 0 || bits > address.getAddress().length * Byte.SIZE) {
            throw new IllegalArgumentException("not a network: " + bits + " bits");
        }
    }

    /** Reads {@code 10.0.0.0/8} or {@code fd00::/8}; empty if it is none. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        String bits = slash < 0 ? "" : text.substring(slash + 1);
        boolean valid = !bits.isEmpty() && bits.length() <= 3 && bits.chars().allMatch(c -> '0' <= c && c <= '9');
        return (valid ? IpLiteral.parse(text.substring(0, slash)) : Optional.<InetAddress>empty())
                .filter(address -> Integer.parseInt(bits) <= address.getAddress().length * Byte.SIZE)
                .map(address -> new Network(address, Integer.parseInt(bits)));
    }

    static Network of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException(text));
    }

    /** True if the other address is of the same family and in this network. */
    boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] its = other.getAddress();
        if (own.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((own[bit / Byte.SIZE] & mask) != (its[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
