// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.net.URI;

/**
 * A real servlet container within the test's own process, on a free port of 127.0.0.1.
 *
 * <p>Started by {@link ContainerKind#start}. Closing stops it and removes its temporary files; requests that still run
 * are cut.
 */
public interface EmbeddedContainer extends AutoCloseable {

    /** Tells which container this is. */
    ContainerKind kind();

    /** Gives the TCP port, also after closing. */
    int port();

    /** Gives {@code http://127.0.0.1:PORT} with the context path and a slash at its end. */
    URI baseUri();

    /** Opens a connection of its own to this container. */
    default RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    /** Sends GET over a connection of its own; {@code target} begins with the context path. */
    default RawResponse get(String target, String... fieldLines) throws IOException {
        return RawClient.once(port(), RawRequest.get(target, fieldLines));
    }

    @Override
    void close();
}
