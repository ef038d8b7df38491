// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

/** Whether the body of a request will be taken. */
sealed interface Reception {

    /** It will: the body goes into the sink, whose outcome is the answer. */
    record Open(BodySink sink) implements Reception {}

    /** It will not, for a reason that is known before its first byte. */
    record Refused(UploadOutcome outcome) implements Reception {}
}
