// SPDX-License-Identifier: Apache-2.0
/** Reads the configuration that all features share from init-params; not exported. */
@NullMarked
package dev.resumable.content.config;

import org.jspecify.annotations.NullMarked;
