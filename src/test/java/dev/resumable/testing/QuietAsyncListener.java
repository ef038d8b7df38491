// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.IOException;

/** Does nothing; for listeners that care for some events alone. */
public abstract class QuietAsyncListener implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) throws IOException {
        // As it should be.
    }

    @Override
    public void onTimeout(AsyncEvent event) throws IOException {
        // Left to the container.
    }

    @Override
    public void onError(AsyncEvent event) throws IOException {
        // Left to the container.
    }

    @Override
    public void onStartAsync(AsyncEvent event) throws IOException {
        // One cycle alone is listened to.
    }
}
