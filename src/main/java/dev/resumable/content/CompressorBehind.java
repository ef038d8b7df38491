// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;

/**
 * What the container's own compressor does with a strong entity-tag, told by the class of its response.
 *
 * <p>Tomcat does not compress such a response, Jetty gives the coded one a tag of its own. Undertow sends one strong tag for
 * both codings, which would let a cache splice them (RFC 9110 §8.8.3).
 */
enum CompressorBehind {
    /** Codings never share a strong tag. */
    SAFE,
    /** Must be kept from coding what has a strong tag. */
    SHARES_TAGS;

    static CompressorBehind of(ServletResponse response) {
        ServletResponse innermost = response;
        while (innermost instanceof ServletResponseWrapper wrapper) {
            innermost = wrapper.getResponse();
        }
        return innermost.getClass().getName().startsWith("io.undertow.") ? SHARES_TAGS : SAFE;
    }
}
