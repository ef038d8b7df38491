// SPDX-License-Identifier: Apache-2.0
/** The seam between the Servlet API and pure values; not exported. */
@NullMarked
package dev.resumable.servlet;

import org.jspecify.annotations.NullMarked;
