// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("an address")
final class PublicAddressTest {

    private static InetAddress address(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00::1",
                "2400:cb00::1",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "2a00::5efe:808:808"
            })
    @DisplayName("is public")
    void isPublic(String text) {
        assertThat(PublicAddress.isPublic(address(text))).isTrue();
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource({
        "0.0.0.0, this network",
        "0.1.2.3, this network",
        "10.0.0.1, private",
        "10.255.255.255, private",
        "100.64.0.0, carrier-grade NAT",
        "100.127.255.255, carrier-grade NAT",
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "169.254.169.254, link-local (metadata)",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.0.0.8, IETF protocols",
        "192.0.2.1, documentation",
        "192.88.99.1, 6to4 relay",
        "192.168.1.1, private",
        "198.18.0.1, benchmarks",
        "198.19.255.255, benchmarks",
        "198.51.100.1, documentation",
        "203.0.113.9, documentation",
        "224.0.0.1, multicast",
        "239.255.255.255, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, broadcast",
        "::, any-local",
        "::1, loopback",
        "::7f00:1, IPv4-compatible",
        "::808:808, IPv4-compatible",
        "::ffff:127.0.0.1, IPv4-mapped",
        "::ffff:10.0.0.1, IPv4-mapped",
        "::ffff:0:10.0.0.1, IPv4-translated",
        "64:ff9b::7f00:1, NAT64 of loopback",
        "64:ff9b::a9fe:a9fe, NAT64 of link-local",
        "64:ff9b:1::808:808, local NAT64",
        "100::1, discard",
        "2001::1, Teredo",
        "2001:0:a00:1::, Teredo",
        "2001:10::1, ORCHID",
        "2001:db8::1, documentation",
        "2002:7f00:1::, 6to4 of loopback",
        "2002:a00:1::1, 6to4 of private",
        "2a00::5efe:10.0.0.1, ISATAP of private",
        "2a00::200:5efe:127.0.0.1, ISATAP of loopback",
        "3fff::1, documentation",
        "5f00::1, segment routing",
        "fc00::1, unique local",
        "fd12:3456::1, unique local",
        "fe80::1, link-local",
        "fec0::1, site-local",
        "ff02::1, multicast",
        "4000::1, unassigned"
    })
    @DisplayName("is not public")
    void isNotPublic(String text, String why) {
        assertThat(PublicAddress.isPublic(address(text))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1.2.3",
                "1.2.3.4.5",
                "01.2.3.4",
                "0x7f.0.0.1",
                "127.1",
                "256.1.1.1",
                "1.2.3.-4",
                "a.b.c.d",
                "::g",
                ":::",
                "fe80::1%1",
                "1.2.3.4:80",
                "localhost",
                "[::1]"
            })
    @DisplayName("is not one in another notation")
    void notation(String text) {
        assertThat(IpLiteral.parse(text)).isEmpty();
    }
}
