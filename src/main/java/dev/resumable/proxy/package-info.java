// SPDX-License-Identifier: Apache-2.0
/**
 * A streaming reverse proxy as a servlet: exact, flat in memory, never a silent truncation, healed by range.
 *
 * <p>{@link dev.resumable.proxy.ProxyServlet} is the door, {@code ProxyExchange} tells the story of a request. Requests go out
 * through Apache HttpClient 5, an optional dependency that only the classes {@code Apache...} know.
 */
@NullMarked
package dev.resumable.proxy;

import org.jspecify.annotations.NullMarked;
