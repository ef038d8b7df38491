// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One response as it stood on the wire, however it ended.
 *
 * <p>Whoever asserts on a body asserts on {@link #completion} too: a truncated response is an ordinary value here.
 */
public final class RawResponse {
    private final List<RawHead> interim;
    private final RawHead head;
    private final BodySource source;
    private final Completion completion;
    private final byte[] kept;
    private final long bodyLength;
    private final String sha256;

    RawResponse(
            List<RawHead> interim,
            RawHead head,
            BodySource source,
            Completion completion,
            byte[] kept,
            BodyTally tally) {
        this.interim = List.copyOf(interim);
        this.head = head;
        this.source = source;
        this.completion = completion;
        this.kept = kept;
        this.bodyLength = tally.count();
        this.sha256 = tally.sha256();
    }

    /** Gives the status code. */
    public int status() {
        return head.status();
    }

    /** Gives the reason phrase, may be empty. */
    public String reason() {
        return head.reason();
    }

    /** Gives the whole head, its raw text included. */
    public RawHead head() {
        return head;
    }

    /** Gives the 1xx responses that came before, in order. */
    public List<RawHead> interim() {
        return interim;
    }

    /** Gives the field lines in the order of the wire. */
    public List<FieldLine> lines() {
        return head.lines();
    }

    /** Gives the only value of {@code name}, or nothing if it is absent; several lines fail the test. */
    public Optional<String> field(String name) {
        return head.field(name);
    }

    /** Gives the values of all lines of {@code name}, in order. */
    public List<String> fields(String name) {
        return head.fields(name);
    }

    /** Gives the bytes of the head, the empty line included. */
    public byte[] rawHead() {
        return head.raw().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Gives how the end of the body was marked. */
    public Framing framing() {
        return source.framing();
    }

    /** Gives how the reading ended. */
    public Completion completion() {
        return completion;
    }

    /** Gives the trailer section, empty without one. */
    public List<FieldLine> trailers() {
        return source.trailers();
    }

    /** Gives the number of body bytes that arrived, without framing. */
    public long bodyLength() {
        return bodyLength;
    }

    /** Gives the SHA-256 of the body bytes that arrived, in lower-case hexadecimal. */
    public String sha256() {
        return sha256;
    }

    /** Gives the body bytes that arrived; not for a response that was only digested. */
    public byte[] body() {
        if (kept.length != bodyLength) {
            throw new IllegalStateException("the body was digested and not kept");
        }
        return kept.clone();
    }

    /** Gives the body as UTF-8 text. */
    public String bodyText() {
        return new String(body(), StandardCharsets.UTF_8);
    }

    /** Fails the test unless the whole body arrived; gives this response. */
    public RawResponse assertComplete() {
        if (completion != Completion.COMPLETE) {
            throw new AssertionError("expected a complete response but got " + this);
        }
        return this;
    }

    @Override
    public String toString() {
        return completion + " " + framing() + " " + Wire.quote(head.raw()) + " with " + bodyLength + " body bytes "
                + Wire.quote(kept);
    }
}
