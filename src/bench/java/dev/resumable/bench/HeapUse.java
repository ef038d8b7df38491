// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

/** What a server has allocated since it was asked last, and the most of its heap that was in use, in bytes. */
record HeapUse(long allocated, long peak) {}
