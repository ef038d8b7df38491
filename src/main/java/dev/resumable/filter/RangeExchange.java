// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.FileRepresentation;
import dev.resumable.content.Representation;
import dev.resumable.content.RepresentationMetadata;
import dev.resumable.http.EntityTag;
import dev.resumable.http.HttpDate;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The story of one request: run the application, decide at the moment when its response would be committed how the body goes
 * on, finish once.
 *
 * <p>It ends where the container would end the response: when the pass of REQUEST, FORWARD or ASYNC returns, or in
 * {@link AsyncContext#complete()}. After a FORWARD it cannot wait for the outer pass, since one container suspends the
 * response at the end of every forward.
 */
final class RangeExchange {

    private static final String ATTRIBUTE = RangeExchange.class.getName();

    private final Transfers transfers;
    private final ContentRequest asked;
    private final HttpServletRequest original;
    private final ObservedRequest request;
    private final ObservedResponse response;
    private final AtomicBoolean over = new AtomicBoolean();
    private final UncommittedBytes uncommitted = new UncommittedBytes();
    private HttpServletRequest target;
    private final EagerWrites eagerWrites = new EagerWrites();
    private volatile @Nullable ResponseBody body;
    private volatile @Nullable ObservedAsyncContext asyncContext;
    private volatile @Nullable Exception failure;
    private volatile OutputState output = OutputState.OPEN;

    /** What became of the application's output. */
    private enum OutputState {
        OPEN,
        /** Closed by the application. */
        CLOSED,
        /** Void, since the application has sent an error or a redirect instead. */
        LEFT
    }

    RangeExchange(Transfers transfers, HttpServletRequest request, HttpServletResponse response) {
        this.transfers = transfers;
        this.asked = ContentRequest.of(request);
        this.original = request;
        this.target = request;
        this.request = new ObservedRequest(request, this);
        this.response = new ObservedResponse(response, this);
    }

    /** The exchange that an outer pass of the filter has begun on this request. */
    static Optional<RangeExchange> begunOn(ServletRequest request) {
        return Optional.ofNullable((RangeExchange) request.getAttribute(ATTRIBUTE));
    }

    /** The first pass. */
    void run(FilterChain chain) throws IOException, ServletException {
        if (original.getDispatcherType() == DispatcherType.REQUEST && answerFile()) {
            return;
        }
        original.setAttribute(ATTRIBUTE, this);
        pass(request, response, chain);
    }

    /** A further pass, after a forward or an async dispatch; request and response are ours or the application's around them. */
    void goOn(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        if (failure != null) {
            throw new IOException("the response could not be completed", failure);
        }
        target = passed;
        if (passed.getDispatcherType() == DispatcherType.REQUEST) {
            // Mapped twice: the outer pass does all.
            chain.doFilter(passed, passedResponse);
            return;
        }
        if (passed.getDispatcherType() == DispatcherType.FORWARD) {
            if (isUndecided()) {
                response.resetForForward();
            } else if (body != null && !over.get()) {
                // Containers that ask the response below us have not seen the virtual commit.
                throw new IllegalStateException("forward after the response was committed");
            }
        }
        pass(passed, passedResponse, chain);
    }

    private void pass(HttpServletRequest passed, ServletResponse passedResponse, FilterChain chain)
            throws IOException, ServletException {
        try {
            eagerWrites.passBegins();
            chain.doFilter(passed, passedResponse);
            eagerWrites.passEnds();
            if (!passed.isAsyncStarted()) {
                finish();
            }
        } catch (Throwable e) {
            abandon();
            throw e;
        }
    }

    /** Answers a plain file without the application, where the container's rules allow it. */
    private boolean answerFile() throws IOException {
        Optional<Path> file = transfers.staticFiles().directlyAnswered(original);
        if (file.isEmpty()) {
            return false;
        }
        Optional<String> contentType = transfers.staticFiles().contentType(file.get());
        try {
            transfers.files().send(file.get(), contentType, asked, response.below());
            return true;
        } catch (NoSuchFileException | AccessDeniedException e) {
            // Thrown before anything is written: the container has its own answer to that.
            return false;
        }
    }

    // ---- what the wrappers report

    ObservedRequest request() {
        return request;
    }

    ObservedResponse response() {
        return response;
    }

    boolean isUndecided() {
        return body == null && output == OutputState.OPEN && !over.get();
    }

    boolean hasTakenBytes() {
        return body != null || uncommitted.size() > 0;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (output == OutputState.LEFT) {
            return;
        }
        if (output == OutputState.CLOSED || over.get()) {
            throw new IOException("the output of this response is closed");
        }
        if (failure != null) {
            throw new IOException("an earlier write has failed", failure);
        }
        if (body == null && uncommitted.keep(bytes, offset, length, response.getBufferSize())) {
            return;
        }
        ResponseBody taking = commit();
        try {
            body = taking.write(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            if (!(taking instanceof Untouched)) {
                // The application may swallow this; what follows the gap must not be taken for the rest.
                failure = e;
            }
            throw e;
        }
    }

    void flush() throws IOException {
        if (!over.get()) {
            commit().flush();
        }
    }

    void closeOutput() throws IOException {
        if (output == OutputState.OPEN && !over.get()) {
            output = OutputState.CLOSED;
            if (body instanceof Untouched) {
                body.flush();
            }
        }
    }

    /** True once the application has sent an error or a redirect: the container has taken over. */
    boolean isLeft() {
        return output == OutputState.LEFT;
    }

    /** True once all of a declared length is there, which closes a response (Servlet 6.0, closure of the response object). */
    boolean isFull() {
        OptionalLong declared = response.held().declaredLength();
        return declared.isPresent() && uncommitted.size() > 0 && uncommitted.size() >= declared.getAsLong();
    }

    void discardBytes() {
        uncommitted.discard();
    }

    /** The container takes over: an error page or a redirect. */
    void leave() {
        output = OutputState.LEFT;
        abandon();
    }

    ObservedAsyncContext started(AsyncContext context, ServletResponse with) {
        ObservedAsyncContext observed = observe(context);
        observed.startedWith(with);
        return observed;
    }

    ObservedAsyncContext observe(AsyncContext context) {
        if (context instanceof ObservedAsyncContext observed) {
            return observed;
        }
        ObservedAsyncContext known = asyncContext;
        if (known == null || !known.observes(context)) {
            known = new ObservedAsyncContext(context, this);
            asyncContext = known;
            context.addListener(new AbandonedExchange(this));
        }
        return known;
    }

    boolean isReady() throws IOException {
        return !(body instanceof Untouched untouched) || untouched.isReady();
    }

    /** While we hold the body a write never blocks, so the listener is called once and finds the stream ready to the end. */
    void setWriteListener(WriteListener listener) throws IOException {
        if (body == null && Eligibility.isEligible(response)) {
            eagerWrites.register(listener, asyncContext);
        } else if (commit() instanceof Untouched untouched) {
            untouched.setWriteListener(listener);
        } else {
            eagerWrites.register(listener, asyncContext);
        }
    }

    // ---- the decision

    /** Decides how the body goes on, at the moment when a container would commit, and hands on what was written so far. */
    ResponseBody commit() throws IOException {
        ResponseBody decided = body;
        if (decided == null) {
            decided = decide();
            body = decided;
            decided = uncommitted.moveTo(decided);
            body = decided;
        }
        return decided;
    }

    private ResponseBody decide() throws IOException {
        if (!Eligibility.isEligible(response)) {
            return passThrough();
        }
        OptionalLong declared = response.held().declaredLength();
        if (declared.isPresent()) {
            Optional<ResponseBody> selecting = select(declared.getAsLong());
            if (selecting.isPresent()) {
                return selecting.get();
            }
            if (declared.getAsLong() > transfers.config().spoolFileSize()) {
                return passThrough();
            }
        }
        return new Spooling(new Spool(transfers.spools()), this);
    }

    /** Cuts the body as it passes by, if tag and length are known before the first byte. */
    private Optional<ResponseBody> select(long length) throws IOException {
        Optional<EntityTag> own = ownStrongTag();
        if (own.isPresent()) {
            return receive(new DeclaredMetadata(length, own.get(), ownLastModified(), ownContentCoding()), () -> {});
        }
        Optional<Path> file = transfers.staticFiles().behind(target);
        if (file.isEmpty() || ownContentCoding().isPresent()) {
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
        Optional<OutputStream> selected = transfers.door().receive(metadata, asked, response.below());
        return selected.map(stream -> new Selecting(stream, metadata.length(), confirmation));
    }

    /** Lets the response pass as the application has made it. */
    Untouched passThrough() {
        response.held().releaseTo(response.below());
        Untouched untouched = new Untouched(response.below());
        body = untouched;
        return untouched;
    }

    /** Answers with what was spooled. */
    void answer(Representation representation) throws IOException {
        OptionalLong declared = response.held().declaredLength();
        if (declared.isPresent() && declared.getAsLong() != representation.length()) {
            throw new IOException(
                    "the application declared " + declared.getAsLong() + " bytes and wrote " + representation.length());
        }
        transfers.door().send(representation, asked, response.below());
    }

    Optional<EntityTag> ownStrongTag() {
        return response.held().first("ETag").flatMap(EntityTag::parse).filter(EntityTag::isStrong);
    }

    Optional<Instant> ownLastModified() {
        return response.held().first("Last-Modified").flatMap(HttpDate::parse);
    }

    Optional<String> ownContentCoding() {
        return response.held()
                .first("Content-Encoding")
                .map(ignored -> String.join(", ", response.held().all("Content-Encoding")));
    }

    // ---- the end

    /** Ends an async exchange: a failure is thrown in a dispatched pass, where every container makes it visible. */
    void complete(AsyncContext context) {
        try {
            finish();
            context.complete();
        } catch (IOException | RuntimeException e) {
            failure = e;
            context.dispatch();
        }
    }

    private void finish() throws IOException {
        if (!over.get()) {
            response.drainWriter();
        }
        if (over.compareAndSet(false, true)) {
            if (failure != null) {
                abandon();
                throw new IOException("the response is incomplete", failure);
            }
            commit().finish();
        }
    }

    /** Ends without an answer of ours; safe to call at any time, by any thread. */
    void abandon() {
        over.set(true);
        uncommitted.discard();
        ResponseBody abandoned = body;
        if (abandoned != null) {
            abandoned.abandon();
        }
    }
}
