// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

/**
 * Marks a servlet that hands Range and the conditional fields on to somebody who may answer them, or ignore them: a proxy.
 *
 * <p>A {@code RangeServletFilter} lets it see these fields, and leaves alone what was answered to them: every status but 200,
 * and a 200 that says {@code Accept-Ranges: bytes}. Any other 200 of GET is made resumable. The fields are hidden only if one of
 * them has an entity-tag of the filter's own, which nobody behind it can know. HEAD passes: its answer has no bytes to make a
 * tag of.
 */
public interface PassesRanges {}
