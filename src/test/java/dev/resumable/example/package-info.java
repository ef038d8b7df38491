// SPDX-License-Identifier: Apache-2.0
/** Tests of the finished example: the WAR on real containers, its launcher, real clients, and random live requests. */
@NullMarked
package dev.resumable.example;

import org.jspecify.annotations.NullMarked;
