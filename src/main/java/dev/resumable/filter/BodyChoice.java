// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.AsyncStart;
import dev.resumable.content.ContentRequest;
import dev.resumable.content.Delivery;
import dev.resumable.content.FileRepresentation;
import dev.resumable.content.FileState;
import dev.resumable.content.Representation;
import dev.resumable.content.RepresentationMetadata;
import dev.resumable.http.EntityTag;
import dev.resumable.http.HttpDate;
import dev.resumable.http.RequestMethod;
import dev.resumable.metrics.PassReason;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Chooses how the body of a response goes on, from what the application has said of it by the time it commits. */
final class BodyChoice {

    /** Longer than any container believes its cache of static files without a look at the file. */
    private static final Duration DEFAULT_SERVLET_CACHE = Duration.ofSeconds(10);

    private final Transfers transfers;
    private final ContentRequest asked;
    private final ObservedResponse response;
    private final ExchangeOutcome outcome;
    private final Supplier<HttpServletRequest> target;
    private final AsyncStart async;

    /**
     * @param target the request as the servlet sees it that writes the body, also after a forward
     * @param async how a body that was kept goes on when the application is done
     */
    BodyChoice(
            Transfers transfers,
            ContentRequest asked,
            ObservedResponse response,
            ExchangeOutcome outcome,
            Supplier<HttpServletRequest> target,
            AsyncStart async) {
        this.transfers = transfers;
        this.asked = asked;
        this.response = response;
        this.outcome = outcome;
        this.target = target;
        this.async = async;
    }

    /** Why the response has to pass at once, as it stands now; nothing if it can be made resumable. */
    Optional<PassReason> objection() {
        Optional<PassReason> objection = Eligibility.objection(response);
        if (objection.isPresent()) {
            return objection;
        }
        if (!transfers.scope().coversType(response.getContentType())) {
            return Optional.of(PassReason.EXCLUDED_TYPE);
        }
        return isSentByContainer() ? Optional.of(PassReason.SENT_BY_CONTAINER) : Optional.empty();
    }

    ResponseBody choose() throws IOException {
        Optional<PassReason> objection = objection();
        if (objection.isPresent()) {
            return passThrough(objection.get());
        }
        OptionalLong declared = response.held().declaredLength();
        if (declared.isPresent()) {
            Optional<ResponseBody> selecting = select(declared.getAsLong());
            if (selecting.isPresent()) {
                return selecting.get();
            }
            if (declared.getAsLong() > transfers.config().spoolFileSize()) {
                return passThrough(PassReason.TOO_LONG);
            }
        }
        return new Spooling(new Spool(transfers.spools()), this, response);
    }

    /** Cuts the body as it passes by, if tag and length are known before the first byte. */
    private Optional<ResponseBody> select(long length) throws IOException {
        Optional<EntityTag> own = ownStrongTag();
        if (own.isPresent()) {
            return receive(new DeclaredMetadata(length, own.get(), ownLastModified(), ownContentCoding()), () -> {});
        }
        Optional<Path> file = transfers.staticFiles().behind(target.get());
        if (file.isEmpty() || ownContentCoding().isPresent() || response.lengthCameLate()) {
            return Optional.empty();
        }
        if (!FileState.of(file.get()).hasStoodStill(DEFAULT_SERVLET_CACHE, Instant.now())) {
            // The default servlet may still send the file from its cache as it was, under this length and date.
            return Optional.empty();
        }
        FileRepresentation representation = FileRepresentation.of(file.get(), Optional.empty(), transfers.tags());
        // What stands between may have changed the bytes: only the length and date of the very file make it the file.
        return representation.length() == length
                        && representation.validators().lastModified().equals(ownLastModified())
                ? receive(representation, representation::requireCurrent)
                : Optional.empty();
    }

    private Optional<ResponseBody> receive(RepresentationMetadata metadata, Selecting.Confirmation confirmation)
            throws IOException {
        Optional<OutputStream> selected = outcome.door(BodyKind.SELECTING).receive(metadata, asked, response.below());
        return selected.map(stream -> new Selecting(stream, metadata.length(), confirmation));
    }

    /** What was kept is not kept any longer, and the response passes. */
    Untouched giveUp(Spool spool, PassReason reason) {
        outcome.givesUp(spool, reason);
        return passThrough(reason);
    }

    /** Lets the response pass as the application has made it. */
    private Untouched passThrough(PassReason reason) {
        outcome.passes(reason);
        OptionalLong declared = response.held().declaredLength();
        response.held().releaseTo(response.below());
        boolean mayBeShort = declared.isEmpty() || isBodiless() || isSentByContainer();
        return new Untouched(response.below(), outcome, mayBeShort ? Untouched.ANY_LENGTH : declared.getAsLong());
    }

    /** RFC 9110 §6.4.1: these answers have no content, whatever length they name. */
    private boolean isBodiless() {
        return asked.method() == RequestMethod.HEAD
                || response.getStatus() == HttpServletResponse.SC_NO_CONTENT
                || response.getStatus() == HttpServletResponse.SC_NOT_MODIFIED;
    }

    /** True if the application has asked Tomcat to send a file on its own after it has returned. */
    private boolean isSentByContainer() {
        return target.get().getAttribute("org.apache.tomcat.sendfile.filename") != null;
    }

    /**
     * Answers with a body that was kept to its end, and closes it when it is sent.
     *
     * <p>A length that was declared after first bytes may be of what came after them: a filter has written something in
     * front, and the servlet behind it could not see that.
     *
     * @throws IOException if the application had declared another length: it has failed, however it ended
     */
    void answer(Spool spool) throws IOException {
        OptionalLong declared = response.held().declaredLength();
        boolean meantForAll = !response.lengthCameLate() || declared.orElse(0) > spool.size();
        if (declared.isPresent() && declared.getAsLong() != spool.size() && meantForAll) {
            spool.close();
            throw new IOException(
                    "the application declared " + declared.getAsLong() + " bytes and wrote " + spool.size());
        }
        Representation representation = spool.representation(ownStrongTag(), ownLastModified(), ownContentCoding());
        outcome.spooled(spool);
        outcome.door(BodyKind.SPOOLED).send(representation, asked, new Delivery(target.get(), response.below(), async));
    }

    private Optional<EntityTag> ownStrongTag() {
        return response.held().first("ETag").flatMap(EntityTag::parse).filter(EntityTag::isStrong);
    }

    private Optional<Instant> ownLastModified() {
        return response.held().first("Last-Modified").flatMap(HttpDate::parse);
    }

    private Optional<String> ownContentCoding() {
        return response.held()
                .first("Content-Encoding")
                .map(first -> String.join(", ", response.held().all("Content-Encoding")));
    }
}
