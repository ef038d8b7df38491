// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.net.InetAddress;
import java.util.List;

/**
 * A request and where it may be sent.
 *
 * @param head its head
 * @param addresses the only addresses to connect to, in this order; if empty the host is resolved
 */
record AddressedRequest(UpstreamRequest head, List<InetAddress> addresses) {

    /** Another request to the same addresses: they were checked once, and are not looked up again. */
    AddressedRequest with(UpstreamRequest other) {
        return new AddressedRequest(other, addresses);
    }
}
