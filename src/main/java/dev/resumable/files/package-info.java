// SPDX-License-Identifier: Apache-2.0
/**
 * Serves a directory: files that can be resumed, with listings.
 *
 * <p>{@link dev.resumable.files.FileServlet} is the door, {@link dev.resumable.files.FilesConfig} what can be chosen.
 */
@NullMarked
package dev.resumable.files;

import org.jspecify.annotations.NullMarked;
