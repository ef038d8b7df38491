// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.http.AcceptEncodingField;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.DigestFields;
import dev.resumable.http.RangeField;
import dev.resumable.http.RangeOutcome;
import dev.resumable.http.RequestMethod;
import dev.resumable.servlet.ServletFields;
import jakarta.servlet.http.HttpServletRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What one request asks of a representation, parsed once and independent of the request object.
 *
 * @param method GET, HEAD or any other
 * @param conditions the precondition fields (RFC 9110 §13.1)
 * @param ranges the ranges asked, or why there are none (RFC 9110 §14.2)
 * @param wantedDigests the digests asked for by Want-Repr-Digest and Want-Content-Digest (RFC 9530 §4)
 * @param codings whether the client accepts a content coding that a compressor behind us might apply
 * @param acceptEncoding the content codings that the client can undo (RFC 9110 §12.5.3)
 */
public record ContentRequest(
        RequestMethod method,
        ConditionalRequest conditions,
        RangeField ranges,
        Set<WantedDigest> wantedDigests,
        AcceptedCodings codings,
        AcceptEncodingField acceptEncoding) {

    /** A digest that a client may ask for. */
    public enum WantedDigest {
        /** Over the whole representation, also on a 206 (RFC 9530 §3). */
        REPRESENTATION,
        /** Over the bytes of this message (RFC 9530 §2). */
        CONTENT
    }

    /** What the Accept-Encoding field allows a compressor between us and the client to do. */
    public enum AcceptedCodings {
        /** The client did not name any coding: nobody will compress. */
        IDENTITY_ONLY,
        /** Some coding is named: a compressor may act unless it is told not to. */
        SOME
    }

    /** Takes the wanted digests as a copy. */
    public ContentRequest {
        wantedDigests = Set.copyOf(wantedDigests);
    }

    /** Reads the fields of a request; unusable fields count as absent, nothing is thrown. */
    public static ContentRequest of(HttpServletRequest request) {
        ServletFields fields = new ServletFields(request);
        List<String> acceptEncoding = fields.lines("Accept-Encoding");
        Set<WantedDigest> wanted = EnumSet.noneOf(WantedDigest.class);
        if (DigestFields.wantsSha256(fields.lines("Want-Repr-Digest"))) {
            wanted.add(WantedDigest.REPRESENTATION);
        }
        if (DigestFields.wantsSha256(fields.lines("Want-Content-Digest"))) {
            wanted.add(WantedDigest.CONTENT);
        }
        return new ContentRequest(
                methodOf(request),
                ConditionalRequest.parse(fields),
                RangeField.parse(fields.lines("Range")),
                wanted,
                codings(acceptEncoding),
                AcceptEncodingField.parse(acceptEncoding));
    }

    /** The same request with its Range field ignored, as RFC 9110 §14.2 always allows. */
    public ContentRequest withoutRanges(RangeOutcome why) {
        return new ContentRequest(
                method, conditions, new RangeField.Ignored(why), wantedDigests, codings, acceptEncoding);
    }

    /** Whether a coding is wanted little or much is not looked at: compressors differ in what they make of weights. */
    private static AcceptedCodings codings(List<String> lines) {
        for (String line : lines) {
            if (!line.isBlank() && !line.strip().equalsIgnoreCase("identity")) {
                return AcceptedCodings.SOME;
            }
        }
        return AcceptedCodings.IDENTITY_ONLY;
    }

    private static RequestMethod methodOf(HttpServletRequest request) {
        return switch (request.getMethod()) {
            case "GET" -> RequestMethod.GET;
            case "HEAD" -> RequestMethod.HEAD;
            default -> RequestMethod.OTHER;
        };
    }
}
