// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.util.OptionalLong;

/**
 * The head of the final response of an upstream server.
 *
 * @param version the protocol version that it was received with, {@code 1.1} or {@code 1.0}
 * @param status the status code, 200 to 999
 * @param fields its fields without those of the connection and without Content-Length. The section may be changed, but
 *     for such fields
 * @param length the length of the content in bytes as the server has told it, for a HEAD or 304 that of the content it did not
 *     send; empty if it told none. It cannot be changed.
 */
public record UpstreamResponse(String version, int status, FieldSection fields, OptionalLong length) {

    /** The same response with another status. */
    public UpstreamResponse withStatus(int other) {
        return new UpstreamResponse(version, other, fields, length);
    }
}
