// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import java.io.IOException;

/** A server of uploads in a process of its own, which is killed, and started again on the same data. */
interface KilledServer extends AutoCloseable {

    /** Starts it; returns when it takes connections, and gives its port. */
    int start() throws IOException;

    /** Where its uploads are. */
    String base();

    /** Kills it as {@code kill -9} does, and returns when it is gone. */
    void kill();

    @Override
    void close();
}
