// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.Representation;
import dev.resumable.filter.CompressOptions.CompressPolicy;
import dev.resumable.filter.GzipCoder.Outcome;
import dev.resumable.filter.GzipMemory.Learned;
import dev.resumable.http.CacheControlField;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RangeOutcome;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.Validators;
import dev.resumable.http.VaryField;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Offers bodies in a second form, coded with gzip, which is a representation of its own with a tag of its own (RFC 9110
 * §8.8.3), and finds the form that a request is answered with.
 */
final class Compression {

    private final CompressOptions options;
    private final GzipCoder coder;
    private final GzipMemory memory = new GzipMemory();

    Compression(CompressOptions options, SpoolDirectory spools) {
        this.options = options;
        this.coder = new GzipCoder(spools);
    }

    /** True if a body of this type and length has two forms to choose from, as far as the response does not forbid it. */
    boolean offersGzip(FieldHoldingResponse response, @Nullable String contentType, long length) {
        return isWorthIt(contentType)
                && length >= Math.max(1, options.compressMinSize())
                && length <= options.compressMaxSize()
                && !response.containsHeader("Content-Encoding")
                && mayBeTransformed(response);
    }

    /** True for a 304 of the application that may be about a body of two forms; it does not say how long that is. */
    boolean mayHaveOfferedGzip(FieldHoldingResponse response) {
        String contentType = response.getContentType();
        return options.compress() == CompressPolicy.ON
                && response.getStatus() == HttpServletResponse.SC_NOT_MODIFIED
                && (contentType == null || isWorthIt(contentType));
    }

    /** True for a type that is worth it, whether or not it is compressed here. */
    boolean isCompressible(@Nullable String contentType) {
        return contentType != null && options.compressTypes().contain(contentType);
    }

    /** True if bodies of this type are compressed at all. */
    boolean isWorthIt(@Nullable String contentType) {
        return options.compress() == CompressPolicy.ON && isCompressible(contentType);
    }

    /** RFC 9110 §7.7: a directive to intermediaries, and to what stands between an application and its clients. */
    private static boolean mayBeTransformed(FieldHoldingResponse response) {
        return !CacheControlField.parse(response.lines("Cache-Control")).has("no-transform");
    }

    /** Says that the answer would be another if Accept-Encoding were (RFC 9110 §12.5.5). */
    static void vary(HttpServletResponse response) {
        response.setHeader("Vary", VaryField.naming("Accept-Encoding", List.copyOf(response.getHeaders("Vary"))));
    }

    /**
     * Finds the form that answers the request, and codes the body if it takes that.
     *
     * @param identity the body without coding, which has at least one byte
     * @throws IOException if it cannot be opened
     */
    ChosenForm choose(Representation identity, ContentRequest asked) throws IOException {
        Negotiation negotiation = new Negotiation(asked);
        if (negotiation.isIdentity(identity.validators())) {
            return new ChosenForm(identity, asked);
        }
        Learned learned = memory.recall(identity);
        if (learned instanceof Learned.Useless && !negotiation.refusesIdentity()) {
            return new ChosenForm(identity, asked);
        }
        if (learned instanceof Learned.Measured measured) {
            GzipMetadata gzip = GzipMetadata.of(identity, measured);
            if (!takes(negotiation, identity, gzip)) {
                return new ChosenForm(identity, asked);
            }
            if (needsNoBytes(asked, gzip)) {
                return new ChosenForm(gzip, asked);
            }
        }
        return code(negotiation, identity);
    }

    private ChosenForm code(Negotiation negotiation, Representation identity) throws IOException {
        long longest = negotiation.refusesIdentity() ? Long.MAX_VALUE : identity.length() - 1;
        GzipCoder.Outcome outcome = coder.code(identity, longest);
        if (outcome instanceof Outcome.Coded coded) {
            return choose(negotiation, identity, coded.spool());
        }
        if (outcome instanceof Outcome.TooLong) {
            memory.learn(identity, new Learned.Useless());
            return new ChosenForm(identity, negotiation.asked());
        }
        // A client that was given the coded form before must not get a range of the other one by mere chance.
        return new ChosenForm(identity, negotiation.asked().withoutRanges(RangeOutcome.CODING_GIVEN_UP));
    }

    private ChosenForm choose(Negotiation negotiation, Representation identity, Spool spool) {
        Validators untagged =
                Validators.of(Optional.empty(), identity.validators().lastModified());
        Representation gzip = spool.representation(untagged, identity.contentType(), Optional.of(Negotiation.GZIP));
        gzip.sha256().ifPresent(sha256 -> memory.learn(identity, new Learned.Measured(gzip.length(), sha256)));
        if (takes(negotiation, identity, gzip)) {
            return new ChosenForm(gzip, negotiation.asked());
        }
        spool.close();
        return new ChosenForm(identity, negotiation.asked());
    }

    /** A form that saves nothing is of use only to a client that refuses the other. */
    private static boolean takes(Negotiation negotiation, Representation identity, Representation gzip) {
        return (gzip.length() < identity.length() || negotiation.refusesIdentity())
                && negotiation.choose(identity.validators(), gzip.validators()) == Negotiation.Form.GZIP;
    }

    /** True for the fields of HEAD, and for 304 and 412. */
    private static boolean needsNoBytes(ContentRequest asked, Representation gzip) {
        return asked.method() == RequestMethod.HEAD
                || !(Preconditions.evaluate(asked.conditions(), gzip.validators(), asked.method())
                        instanceof Preconditions.Proceed);
    }
}
