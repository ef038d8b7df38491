// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

/**
 * The head of a request to an upstream server.
 *
 * @param method the method, case-sensitive
 * @param uri where it goes
 * @param fields its fields without those of the connection; without Host the authority of {@code uri} is sent, and framing is
 *     the client's own: such fields are not sent. The section may be changed.
 */
public record UpstreamRequest(String method, UpstreamUri uri, FieldSection fields) {

    /** The same request to another place. */
    public UpstreamRequest to(UpstreamUri other) {
        return new UpstreamRequest(method, other, fields);
    }

    /** The same request with other fields. */
    UpstreamRequest with(FieldSection others) {
        return new UpstreamRequest(method, uri, others);
    }
}
