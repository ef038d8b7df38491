// SPDX-License-Identifier: Apache-2.0
/** What must hold for any input whatever: the laws that the fuzzer tries to break and that its corpus is held to. */
package dev.resumable.fuzz;
