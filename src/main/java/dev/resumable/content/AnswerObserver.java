// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.metrics.TransferEvents.Answer;
import java.io.IOException;

/** Is told by a {@link ContentResponse} what it makes of one request; each method does nothing unless overridden. */
public interface AnswerObserver {

    /** The answer is decided and nothing of it is written: fields can still be added to the response. */
    default void decided(Answer answer) {}

    /** The container's stream has thrown: the client has gone. The exception goes on after this call. */
    default void clientLeft(IOException failure) {}

    /**
     * All of the answer was handed to the container, maybe after the call that began it has returned. Not called for
     * {@link ContentResponse#receive}, whose caller knows.
     */
    default void complete() {}

    /** The answer has broken off after the call that began it has returned; else the call throws. */
    default void broken() {}
}
