// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.AsyncStart;
import dev.resumable.content.ContentRequest;
import dev.resumable.content.Delivery;
import dev.resumable.content.Representation;
import dev.resumable.content.RepresentationMetadata;
import dev.resumable.content.SelectingStream;
import dev.resumable.filter.ChainVerdicts.Verdict;
import dev.resumable.filter.HiddenFields.Sight;
import dev.resumable.http.EntityTag;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.Validators;
import dev.resumable.metrics.PassReason;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Chooses how the body of a response goes on, from what the application has said of it by the time it commits. */
final class BodyChoice {

    private final Transfers transfers;
    private final ContentRequest asked;
    private final ObservedResponse response;
    private final ExchangeOutcome outcome;
    private final Supplier<HttpServletRequest> target;
    private final Sight sight;
    private final Optional<ShortWayAnswer> shortWay;
    private final AsyncStart async;
    private final NegotiatedAnswer answer;
    private final PromisedRanges promised;
    private Optional<KnownBody> known = Optional.empty();

    /**
     * Chooses for one exchange.
     *
     * @param target the request as the servlet sees it that writes the body, also after a forward
     * @param request what the application has seen of ranges and conditions
     * @param async how a body that was kept goes on when the application is done
     */
    BodyChoice(
            Transfers transfers,
            ContentRequest asked,
            ObservedResponse response,
            ExchangeOutcome outcome,
            Supplier<HttpServletRequest> target,
            ObservedRequest request,
            AsyncStart async) {
        this.transfers = transfers;
        this.asked = asked;
        this.response = response;
        this.outcome = outcome;
        this.target = target;
        this.sight = request.sight();
        this.async = async;
        this.answer = new NegotiatedAnswer(transfers.compression(), asked, response, outcome);
        this.shortWay = request.shortWay().map(way -> new ShortWayAnswer(way, asked, response, answer));
        this.promised = new PromisedRanges(transfers.compression(), response, asked, outcome);
    }

    /** Why the response has to pass at once, as it stands now; nothing if it can be made resumable. */
    Optional<PassReason> objection() {
        return Eligibility.objection(response).or(this::ownObjection);
    }

    /** Why it has to pass whatever it is like. */
    private Optional<PassReason> ownObjection() {
        if (!transfers.scope().coversType(response.getContentType())) {
            return Optional.of(PassReason.EXCLUDED_TYPE);
        }
        if (isAnsweredBehind()) {
            return Optional.of(PassReason.RANGE_AWARE_SERVLET);
        }
        return isSentByContainer() ? Optional.of(PassReason.SENT_BY_CONTAINER) : Optional.empty();
    }

    ResponseBody choose() throws IOException {
        Optional<ResponseBody> cut = shortWay.isPresent() ? shortWay.get().body() : Optional.empty();
        return cut.isPresent() ? cut.get() : chooseForAll();
    }

    /** Chooses for a body that is whole as far as we know. */
    private ResponseBody chooseForAll() throws IOException {
        Optional<PassReason> objection = objection();
        if (objection.isPresent()) {
            return pass(objection.get());
        }
        known = Optional.empty();
        OptionalLong declared = response.held().declaredLength();
        if (declared.isPresent()) {
            boolean mayBeKept = declared.getAsLong() <= transfers.config().spoolFileSize();
            known = know(declared.getAsLong());
            if (known.isPresent()
                    && !(mayBeKept && answer.mayBeCoded(known.get().metadata()))) {
                Optional<ResponseBody> selecting = select(known.get());
                if (selecting.isPresent()) {
                    return selecting.get();
                }
            }
            if (!mayBeKept) {
                return pass(PassReason.TOO_LONG);
            }
        } else {
            transfers.chainFiles().find(target.get(), asked.codings()).ifPresent(this::distrust);
        }
        return new Spooling(new Spool(transfers.spools()), this, response);
    }

    /** Tells whether length and tag are known before the first byte. */
    private Optional<KnownBody> know(long length) throws IOException {
        if (response.lengthCameLate()) {
            // It may be that of what comes after the first bytes, and so may be the tag.
            return Optional.empty();
        }
        OwnFields own = response.own();
        Optional<EntityTag> tag = own.strongTag();
        if (tag.isPresent()) {
            return Optional.of(new KnownBody(
                    new DeclaredMetadata(length, Validators.of(tag, own.lastModified()), own.contentCoding()),
                    () -> {}));
        }
        return knowFile(own, length);
    }

    /** What stands between may have changed the bytes: only the length and date of the very file make it the file. */
    private Optional<KnownBody> knowFile(OwnFields own, long length) throws IOException {
        Optional<ChainFile> file = transfers.chainFiles().find(target.get(), asked.codings());
        if (file.isEmpty() || file.get().verdict() == Verdict.DISGUISED) {
            return Optional.empty();
        }
        if (file.get().length() != length || !file.get().isDescribedBy(own)) {
            distrust(file.get());
            return Optional.empty();
        }
        return file.get()
                .representation()
                .map(known -> new KnownBody(
                        known, isAsked() ? ComparedFile.whole(file.get(), known) : known::requireCurrent));
    }

    private void distrust(ChainFile file) {
        if (isAsked()) {
            file.tell(Verdict.CHANGED);
        }
    }

    /** False after a forward, which has taken another way than a request for the file itself. */
    private boolean isAsked() {
        return target.get().getDispatcherType() == DispatcherType.REQUEST;
    }

    /** Cuts the body as it passes by. */
    private Optional<ResponseBody> select(KnownBody body) throws IOException {
        Optional<SelectingStream> selected = answer.receive(body.metadata());
        return selected.map(stream -> new Selecting(stream, body.metadata().length(), body.confirmation()));
    }

    /** What was kept is not kept any longer, and the response passes. */
    ResponseBody giveUp(Spool spool, PassReason reason) throws IOException {
        outcome.givesUp(spool, reason);
        return pass(reason);
    }

    /** Lets the response pass without being kept: with ranges if the application promises them, else as it is. */
    private ResponseBody pass(PassReason reason) throws IOException {
        Optional<RepresentationMetadata> ranged =
                sight == Sight.HIDDEN && ownObjection().isEmpty() ? promised.of(reason) : Optional.empty();
        // A client that was given a coded form before must not get a range of this one by mere chance.
        if (ranged.isEmpty() || (reason != PassReason.NO_STORE && answer.hasTwoForms(ranged.get()))) {
            if (sight == Sight.HIDDEN && response.getStatus() == HttpServletResponse.SC_OK) {
                // RFC 9110 §14.3: nobody behind us will ever see a range to answer it.
                response.held().set("Accept-Ranges", null);
            }
            return passThrough(reason);
        }
        Optional<ResponseBody> selecting = promised.select(ranged.get());
        if (selecting.isPresent()) {
            return selecting.get();
        }
        promised.forbidRecoding(ranged.get());
        return passThrough(reason);
    }

    /** RFC 9110 §14.3: who says so has looked at the ranges, and has answered as it wanted. */
    private boolean isAnsweredBehind() {
        return sight == Sight.PASSED_ON
                && response.held()
                        .first("Accept-Ranges")
                        .filter(units -> !units.equalsIgnoreCase("none"))
                        .isPresent();
    }

    /** Lets the response pass as it is. */
    private Untouched passThrough(PassReason reason) {
        outcome.passes(reason);
        answer.pass();
        OptionalLong declared = response.held().declaredLength();
        response.held().releaseTo(response.below());
        // What was committed behind our back has bytes that did not come by here.
        boolean mayBeShort =
                declared.isEmpty() || reason == PassReason.COMMITTED || isBodiless() || isSentByContainer();
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
     * Answers with a body that was kept to its end, which is closed when it is sent.
     *
     * <p>A length that was declared after first bytes may be of what came after them: a filter has written something in
     * front, and the servlet behind it could not see that. Its tag then names only what it wrote.
     *
     * @throws IOException if the application had declared another length: it has failed, however it ended
     */
    void answer(Spool spool) throws IOException {
        OptionalLong declared = response.held().declaredLength();
        boolean meantForAll = !response.lengthCameLate() || declared.orElse(0) > spool.size();
        if (declared.isPresent() && declared.getAsLong() != spool.size() && meantForAll) {
            throw new IOException(
                    "the application declared " + declared.getAsLong() + " bytes and wrote " + spool.size());
        }
        OwnFields own = response.own();
        boolean tagIsOfAll = declared.isEmpty() || declared.getAsLong() == spool.size();
        Validators validators = Validators.of(tagIsOfAll ? own.strongTag() : Optional.empty(), own.lastModified());
        if (known.isPresent()) {
            known.get().confirmation().confirm();
            validators = known.get().metadata().validators();
        }
        Representation kept = spool.representation(validators, Optional.empty(), own.contentCoding());
        outcome.spooled(spool);
        answer.send(kept, BodyKind.SPOOLED, new Delivery(target.get(), response.below(), async), spool::close);
    }
}
