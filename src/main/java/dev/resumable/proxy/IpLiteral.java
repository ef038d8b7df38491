// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** Reads IP addresses in their one plain notation; no name is ever resolved. */
final class IpLiteral {

    private static final int IPV4_BYTES = 4;

    private IpLiteral() {}

    /** The address that a text is: four decimal numbers without leading zeros, or IPv6 without zone. */
    static Optional<InetAddress> parse(String text) {
        return text.indexOf(':') < 0 ? ipv4(text) : ipv6(text);
    }

    private static Optional<InetAddress> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] bytes = new byte[IPV4_BYTES];
        if (parts.length != IPV4_BYTES) {
            return Optional.empty();
        }
        for (int i = 0; i < IPV4_BYTES; i++) {
            String part = parts[i];
            boolean plain = !part.isEmpty()
                    && part.length() <= 3
                    && part.chars().allMatch(c -> '0' <= c && c <= '9')
                    && (part.length() == 1 || part.charAt(0) != '0');
            if (!plain || Integer.parseInt(part) > 0xFF) {
                return Optional.empty();
            }
            bytes[i] = (byte) Integer.parseInt(part);
        }
        return address(bytes);
    }

    private static Optional<InetAddress> ipv6(String text) {
        boolean plain = text.length() < 46
                && text.chars().allMatch(c -> c == ':' || c == '.' || (Character.digit(c, 16) >= 0 && c < 0x80));
        if (!plain) {
            return Optional.empty();
        }
        try {
            // With a colon and these characters alone it is read as a literal or refused, never looked up.
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    static Optional<InetAddress> address(byte[] bytes) {
        try {
            return Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
