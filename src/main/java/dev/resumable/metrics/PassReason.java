// SPDX-License-Identifier: Apache-2.0
package dev.resumable.metrics;

/** Why a response passes as the application has made it, without validators and ranges of ours. */
public enum PassReason {
    /** {@code include-paths} or {@code exclude-paths} leaves the request out; the application sees all of its fields. */
    EXCLUDED_PATH,
    /** The servlet answers ranges itself. */
    RANGE_AWARE_SERVLET,
    /** The application has sent an error or a redirect, which is the container's to make. */
    ERROR_OR_REDIRECT,
    /** The status is not 200. */
    STATUS,
    /** A type that is pushed piece by piece, such as {@code text/event-stream}, or is cut already. */
    STREAMED_TYPE,
    /** {@code include-types} or {@code exclude-types} leaves the Content-Type out. */
    EXCLUDED_TYPE,
    /** {@code Cache-Control} has {@code no-store}. */
    NO_STORE,
    /** The application has set {@code Content-Range}: it has cut the body itself. */
    CONTENT_RANGE,
    /** The application sends trailers, which need a chunked body. */
    TRAILERS,
    /** The response was committed without the filter. */
    COMMITTED,
    /** The application has told the container to send a file after it has returned. */
    SENT_BY_CONTAINER,
    /** Longer than {@code spool-file-size}. */
    TOO_LONG,
    /** All temporary files together would take more than {@code spool-total-size}. */
    SPOOL_FULL,
    /** The temporary file could not be written: the disk is full, say. */
    DISK_FAILED
}
