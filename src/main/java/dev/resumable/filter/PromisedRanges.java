// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.ContentRequest.AcceptedCodings;
import dev.resumable.content.ContentResponse;
import dev.resumable.content.RepresentationMetadata;
import dev.resumable.content.SelectingStream;
import dev.resumable.http.EntityTag;
import dev.resumable.http.Validators;
import dev.resumable.metrics.PassReason;
import dev.resumable.servlet.Container;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The ranges of a response that is not kept, but whose application says that it has ranges.
 *
 * <p>It cannot answer them itself, since they are hidden from it. So they are answered here while the body passes, with the
 * application's own validators and as far as these allow: nothing is kept, and no tag is made.
 */
final class PromisedRanges {

    /** Why a response passes that is complete and may be cut. */
    private static final Set<PassReason> UNKEPT =
            EnumSet.of(PassReason.NO_STORE, PassReason.TOO_LONG, PassReason.SPOOL_FULL, PassReason.DISK_FAILED);

    private final Compression compression;
    private final ObservedResponse response;
    private final ContentRequest asked;
    private final ExchangeOutcome outcome;

    PromisedRanges(Compression compression, ObservedResponse response, ContentRequest asked, ExchangeOutcome outcome) {
        this.compression = compression;
        this.response = response;
        this.asked = asked;
        this.outcome = outcome;
    }

    /** What the application says of a body that passes for this reason; empty if it promises no ranges of it. */
    Optional<RepresentationMetadata> of(PassReason reason) {
        OptionalLong length = response.held().declaredLength();
        boolean promised = response.held()
                .first("Accept-Ranges")
                .filter(unit -> unit.strip().equalsIgnoreCase("bytes"))
                .isPresent();
        if (!promised
                || !UNKEPT.contains(reason)
                || length.isEmpty()
                || response.lengthCameLate()
                || response.announcesTrailers()
                || !outcome.answersRanges()) {
            return Optional.empty();
        }
        OwnFields own = response.own();
        RepresentationMetadata body = new DeclaredMetadata(
                length.getAsLong(), Validators.of(own.tag(), own.lastModified()), own.contentCoding());
        return reason == PassReason.NO_STORE && isRatherCompressed(body) ? Optional.empty() : Optional.of(body);
    }

    /**
     * A style sheet rather stays compressed than it can be resumed. Where that may be so depends on Accept-Encoding alone, so that
     * no part is ever of other bytes than the whole.
     */
    private boolean isRatherCompressed(RepresentationMetadata body) {
        return spoilsIfRecoded(body) && !hasStrongTag(body) && compression.isCompressible(response.getContentType());
    }

    /**
     * A body that is cut while it passes, or one of no bytes for a condition of the client; empty if all of it has to be
     * sent, which the application can do without us.
     */
    Optional<ResponseBody> select(RepresentationMetadata body) throws IOException {
        ContentResponse door = outcome.door(BodyKind.SELECTING);
        if (door.sendsAll(body, asked)) {
            return Optional.empty();
        }
        response.held().releaseDigestsTo(response.below());
        Optional<SelectingStream> selected = door.receive(body, asked, response.below());
        return selected.map(stream -> new Selecting(stream, body.length(), () -> {}));
    }

    /**
     * Keeps compressors away from the whole, so that ranges continue what it began.
     *
     * <p>Deviation: as in a 206 (RFC 9110 §8.4.1). Under a strong tag Tomcat does not compress, and Jetty changes the tag;
     * the date names coded and uncoded bytes alike on all containers.
     */
    void forbidRecoding(RepresentationMetadata body) {
        if (spoilsIfRecoded(body)) {
            response.held().set("Content-Encoding", "identity");
        }
    }

    private boolean spoilsIfRecoded(RepresentationMetadata body) {
        // Under a strong tag the others do not code, or change the tag.
        return (!hasStrongTag(body) || Container.of(response.below()) == Container.UNDERTOW)
                && body.contentCoding().isEmpty()
                && asked.codings() == AcceptedCodings.SOME;
    }

    private static boolean hasStrongTag(RepresentationMetadata body) {
        return body.validators().entityTag().filter(EntityTag::isStrong).isPresent();
    }
}
