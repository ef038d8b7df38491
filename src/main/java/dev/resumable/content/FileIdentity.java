// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.Validators;
import java.util.Optional;

/**
 * What is known of one state of a file.
 *
 * @param validators the tag to send, all other tags of the same state, the modification time
 * @param sha256 the digest of its bytes, if it is known already
 */
record FileIdentity(Validators validators, Optional<byte[]> sha256) {}
