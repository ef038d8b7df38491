// SPDX-License-Identifier: Apache-2.0
/**
 * Resumable uploads.
 *
 * <p>Entry point: {@link dev.resumable.upload.UploadServlet}. One engine, which knows no field names, and several protocols
 * that speak to it.
 */
@NullMarked
package dev.resumable.upload;

import org.jspecify.annotations.NullMarked;
