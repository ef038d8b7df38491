// SPDX-License-Identifier: Apache-2.0
/**
 * Where uploads live: four small interfaces, and their defaults in a directory of the file system.
 *
 * <p>{@link dev.resumable.upload.store.UploadBodies} keeps bytes, {@link dev.resumable.upload.store.UploadStates} what is
 * known of unfinished uploads, {@link dev.resumable.upload.store.UploadLocks} who may write, and
 * {@link dev.resumable.upload.store.Catalogue} the finished files. Each may be replaced alone.
 */
@NullMarked
package dev.resumable.upload.store;

import org.jspecify.annotations.NullMarked;
