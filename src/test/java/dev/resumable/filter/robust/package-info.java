// SPDX-License-Identifier: Apache-2.0

/** The filter among applications, clients, disks and networks that fail: whatever happens, nothing wrong looks complete. */
@NullMarked
package dev.resumable.filter.robust;

import org.jspecify.annotations.NullMarked;
