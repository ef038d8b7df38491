// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import java.util.Map;

/**
 * What a {@link RangeServletFilter} has done since it was started, and what it holds now, for JMX.
 *
 * <p>Its name is {@code dev.resumable:type=RangeServletFilter,context="/app",name="range"}: the context path and the name of
 * the filter, both quoted. {@code docs/operations.md} tells what the attributes mean.
 */
public interface RangeServletFilterMXBean {

    /** Answers with 200. */
    long getAnswers200();

    /** Answers with 206. */
    long getAnswers206();

    /** Answers with 304. */
    long getAnswers304();

    /** Answers with 412. */
    long getAnswers412();

    /** Answers with 416. */
    long getAnswers416();

    /** Responses that passed untouched. */
    long getUntouched();

    /** The same by the words of {@code Range-Diagnostics}. */
    Map<String, Long> getUntouchedByReason();

    /** Bytes of content that were handed to the container, of answers and of what passed. */
    long getBytesSent();

    /** Bytes that 206 and 304 have spared. */
    long getBytesSaved();

    /** Responses that were kept to their end in the heap. */
    long getSpoolsInHeap();

    /** Responses that were kept to their end in a temporary file. */
    long getSpoolsOnDisk();

    /** Responses that could not be kept any longer. */
    long getSpoolsGivenUp();

    /** The same by the words of {@code Range-Diagnostics}. */
    Map<String, Long> getSpoolsGivenUpByReason();

    /** Range sets past a limit, answered with the whole. */
    long getRefusedRangeSets();

    /** Clients that went away. */
    long getAbortedClients();

    /** Exchanges that failed. */
    long getFailedExchanges();

    /** Responses that are being kept now. */
    long getOpenSpools();

    /** Bytes of the heap that are taken now. */
    long getSpoolHeapBytes();

    /** The most that they may be: {@code spool-heap-total-size}. */
    long getSpoolHeapLimit();

    /** Bytes that temporary files take now. */
    long getSpoolDiskBytes();

    /** The most that they may be: {@code spool-total-size}. */
    long getSpoolDiskLimit();
}
