// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Codes with gzip at one fixed level, and frees the native memory of the coder on every path.
 *
 * <p>The stream of the JDK does not where the stream below it fails in its constructor, which writes the head of the format,
 * and in earlier releases of Java 17 where it fails in {@code close()}. The garbage collector would free it some day.
 */
final class GzipStream extends GZIPOutputStream {

    /** Most of what gzip can save, at half the price of its highest levels. */
    private static final int LEVEL = 6;

    private static final int BLOCK = 16 << 10;

    GzipStream(OutputStream below) throws IOException {
        // The buffer takes the head, so that nothing can fail here.
        super(new BufferedOutputStream(below, BLOCK), BLOCK);
        def.setLevel(LEVEL);
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            def.end();
        }
    }
}
