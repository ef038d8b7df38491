// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

/**
 * A read of this thread that waits for a client, and ends when nobody wants its bytes any more.
 *
 * <p>Jetty and Undertow give it up when their thread is interrupted. Tomcat goes on until its own time limit for reads; it has
 * one in any case, as Undertow has not.
 */
final class BlockedRead {

    private final Thread reader = Thread.currentThread();
    private boolean over;
    private boolean interrupted;

    /** Ends the read, from another thread. */
    synchronized void interrupt() {
        if (!over && Thread.currentThread() != reader) {
            interrupted = true;
            reader.interrupt();
        }
    }

    /** There is nothing to end any more; called by the reader, which is not to find out later. */
    synchronized void isOver() {
        over = true;
        if (interrupted) {
            // Clears it.
            boolean unused = Thread.interrupted();
        }
    }
}
