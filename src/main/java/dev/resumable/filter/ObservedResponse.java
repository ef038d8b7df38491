// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.FilteredResponse;
import dev.resumable.servlet.Container;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The response as the application sees it: behaves as the container's own would, tells the exchange what happens, decides
 * nothing.
 *
 * <p>Once the exchange has committed (really, or virtually while it holds the body) all changes are ignored or refused as the
 * Servlet specification has it. During an include they are ignored too: some containers put their include wrapper below
 * ours, so that the calls of an included resource arrive here.
 */
final class ObservedResponse extends FieldHoldingResponse implements FilteredResponse {

    private final RangeExchange exchange;
    private volatile @Nullable ServletOutputStream stream;
    private volatile @Nullable BodyWriter writer;
    private Trailers trailers = Trailers.NONE;
    private int bufferSize;

    private enum Trailers {
        NONE,
        ANNOUNCED
    }

    ObservedResponse(HttpServletResponse response, RangeExchange exchange) {
        super(response);
        this.exchange = exchange;
    }

    boolean announcesTrailers() {
        return trailers == Trailers.ANNOUNCED;
    }

    /** Pushes what the writer still holds into the body. */
    void drainWriter() throws IOException {
        if (writer != null) {
            writer.finish();
        }
    }

    private Container container() {
        return Container.of(below());
    }

    @Override
    boolean isFrozen() {
        // After sendError and sendRedirect the container's own rules hold.
        return exchange.end().isTooLate() || (!exchange.body().isLeft() && (isCommitted() || isIncluding()));
    }

    @Override
    boolean hasTakenBytes() {
        return exchange.body().hasTakenBytes();
    }

    /** Refuses a thread that goes on after a timeout: what is below may be another exchange's by now. */
    private void requireInTime() {
        if (exchange.end().isTooLate()) {
            throw new IllegalStateException("the exchange is over");
        }
    }

    private boolean isIncluding() {
        return exchange.request().getDispatcherType() == DispatcherType.INCLUDE;
    }

    // ---- body

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (writer != null) {
            throw new IllegalStateException("getWriter() was called on this response");
        }
        if (stream == null) {
            stream = new ObservedOutput(exchange, container());
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (stream != null) {
            throw new IllegalStateException("getOutputStream() was called on this response");
        }
        if (writer == null) {
            String charset = charsetOfText();
            if (!isFrozen() && !AssumedCharset.isOf(getContentType(), container())) {
                // As the containers do: from here on the charset is fixed and named in the Content-Type.
                namedCharset().ifPresent(super::setCharacterEncoding);
            }
            writer = BodyWriter.of(new ObservedOutput(exchange, container()), charset, container());
        }
        return writer;
    }

    /** The charset for text: Latin-1 where none is named (Servlet 6.0, getWriter). */
    String charsetOfText() {
        return namedCharset().orElse(StandardCharsets.ISO_8859_1.name());
    }

    /** Empty where Jetty 12.1 tells null (EE 11) or nothing (EE 10), as of an image, whose Content-Type then names none. */
    private Optional<String> namedCharset() {
        return Optional.ofNullable(getCharacterEncoding()).filter(name -> !name.isEmpty());
    }

    @Override
    public boolean isCommitted() {
        return exchange.end().isTooLate() || !exchange.body().isUndecided() || isFull() || super.isCommitted();
    }

    /** True once all of a declared length is there, which closes a response (Servlet 6.0, closure of the response object). */
    private boolean isFull() {
        OptionalLong declared = held().declaredLength();
        long written = exchange.body().uncommittedBytes();
        return declared.isPresent() && written > 0 && written >= declared.getAsLong();
    }

    @Override
    public void flushBuffer() throws IOException {
        exchange.end().requireInTime();
        if (writer != null) {
            writer.flush();
        } else {
            exchange.body().flush();
        }
    }

    @Override
    public void setBufferSize(int size) {
        requireInTime();
        if (writer != null) {
            writer.drain();
        }
        if (exchange.body().hasTakenBytes()) {
            throw new IllegalStateException("bytes were written before setBufferSize");
        }
        // Tomcat allocates what it is asked for, and we would never fill it.
        super.setBufferSize(Math.min(size, UncommittedBytes.MAX_BUFFER));
        bufferSize = size;
    }

    @Override
    public int getBufferSize() {
        return Math.max(bufferSize, super.getBufferSize());
    }

    @Override
    public void resetBuffer() {
        // Also during an include: a container that forbids it there has its include wrapper above ours.
        requireUncommitted();
        if (writer != null) {
            writer.discard();
        }
        exchange.body().discard();
        super.resetBuffer();
    }

    @Override
    public void reset() {
        requireUncommitted();
        if (isIncluding()) {
            return;
        }
        exchange.body().discard();
        held().clear();
        stream = null;
        writer = null;
        trailers = Trailers.NONE;
        super.reset();
    }

    @Override
    public boolean endsHere() {
        return exchange.body().endsHere();
    }

    @Override
    public boolean takeBack() {
        if (super.isCommitted()
                || exchange.body().isLeft()
                || exchange.end().isOver()
                || exchange.end().isTimedOut()) {
            return false;
        }
        exchange.body().startAgain();
        reset();
        // One container forgets the field, but not the length.
        below().setContentLengthLong(-1);
        return true;
    }

    /** As resetBuffer; some containers also free the choice of the output, and none clears it in a wrapper. */
    void resetForForward() {
        resetBuffer();
        stream = null;
        writer = null;
    }

    private void requireUncommitted() {
        if (isCommitted()) {
            throw new IllegalStateException("the response is committed");
        }
    }

    // ---- status

    @Override
    public void setStatus(int status) {
        if (!isFrozen()) {
            super.setStatus(status);
        }
    }

    @Override
    public void sendError(int status) throws IOException {
        if (leavesFor(status)) {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (leavesFor(status)) {
            super.sendError(status, message);
        }
    }

    /** An interim response by {@code sendError}, as some containers have it, ends nothing (RFC 9110 §15.2); some say 304 so. */
    private boolean leavesFor(int status) {
        boolean interim = status >= 100 && status < 200;
        requireInTime();
        if (!interim && !isIncluding()) {
            requireLeavable();
            if (exchange.isShortAnswer(status)) {
                setStatus(status);
                return false;
            }
            leave();
        }
        return true;
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        requireInTime();
        if (isIncluding()) {
            super.sendRedirect(location);
            return;
        }
        requireLeavable();
        // Left only then: a location that the container refuses leaves the response as it was.
        super.sendRedirect(location);
        leave();
    }

    /** Servlet 6.1; not seen by the compiler of 6.0, so the wrapper of the container would pass us by. */
    @SuppressWarnings("MissingOverride")
    public void sendRedirect(String location, int status) throws IOException {
        requireInTime();
        if (isIncluding()) {
            NewerServletApi.sendRedirect(below(), location, status);
            return;
        }
        requireLeavable();
        NewerServletApi.sendRedirect(below(), location, status);
        leave();
    }

    /** Servlet 6.1. */
    @SuppressWarnings("MissingOverride")
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        sendRedirect(location, SC_FOUND, clearBuffer);
    }

    /** Servlet 6.1. */
    @SuppressWarnings("MissingOverride")
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (clearBuffer || isIncluding()) {
            sendRedirect(location, status);
            return;
        }
        requireUncommitted();
        drainWriter();
        setStatus(status);
        setHeader("Location", location);
        exchange.body().commit();
    }

    /** A listener that answers a timeout may leave what was decided before, while nothing of it is sent. */
    private void requireLeavable() {
        if (!exchange.end().isTimedOut() || super.isCommitted()) {
            requireUncommitted();
        }
    }

    /** The body so far is void, and with it what was said of it; the container goes on alone. */
    private void leave() {
        if (writer != null) {
            writer.discard();
        }
        held().clear();
        exchange.body().leave();
    }

    // ---- fields

    @Override
    public void setContentType(@Nullable String type) {
        if (isFrozen()) {
            return;
        }
        if (writer == null) {
            super.setContentType(type);
        } else if (type != null) {
            Optional<String> charset = namedCharset();
            super.setContentType(type);
            // After getWriter() the type may still change, the charset may not (Servlet 6.0, setContentType).
            charset.ifPresent(super::setCharacterEncoding);
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (writer != null && "Content-Type".equalsIgnoreCase(name)) {
            setContentType(value);
        } else {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (writer != null && "Content-Type".equalsIgnoreCase(name)) {
            setContentType(value);
        } else {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setCharacterEncoding(@Nullable String charset) {
        if (!isFrozen() && writer == null) {
            super.setCharacterEncoding(charset);
        }
    }

    /** Servlet 6.1. */
    @SuppressWarnings("MissingOverride")
    public void setCharacterEncoding(@Nullable Charset charset) {
        setCharacterEncoding(charset == null ? null : charset.name());
    }

    @Override
    public void setLocale(Locale locale) {
        if (isFrozen()) {
            return;
        }
        Optional<String> charset = namedCharset();
        super.setLocale(locale);
        if (writer != null) {
            charset.ifPresent(super::setCharacterEncoding);
        }
    }

    @Override
    public void addCookie(Cookie cookie) {
        if (!isFrozen()) {
            super.addCookie(cookie);
        }
    }

    @Override
    public void setTrailerFields(Supplier<Map<String, String>> supplier) {
        requireInTime();
        super.setTrailerFields(supplier);
        trailers = Trailers.ANNOUNCED;
    }
}
