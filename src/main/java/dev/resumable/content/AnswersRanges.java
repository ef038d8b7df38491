// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

/**
 * Marks a servlet that answers Range and the conditional fields itself, for all that it sends.
 *
 * <p>A {@code RangeServletFilter} leaves its requests and responses alone: it sees the fields that the filter hides from
 * others, and its bytes are not kept or cut a second time. A servlet that hands every answer to {@link ContentResponse} is
 * one. For servlets that cannot be changed there is the init-param {@code range-aware-servlets}.
 */
public interface AnswersRanges {}
