// SPDX-License-Identifier: Apache-2.0
/** Tests of uploads, on real sockets of every embedded container. */
package dev.resumable.upload;
