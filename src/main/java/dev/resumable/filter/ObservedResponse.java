// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.HttpDate;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
final class ObservedResponse extends HttpServletResponseWrapper {

    private final RangeExchange exchange;
    private final HeldFields held = new HeldFields();
    private @Nullable ServletOutputStream stream;
    private @Nullable BodyWriter writer;
    private Trailers trailers = Trailers.NONE;

    private enum Trailers {
        NONE,
        ANNOUNCED
    }

    ObservedResponse(HttpServletResponse response, RangeExchange exchange) {
        super(response);
        this.exchange = exchange;
    }

    /** The response below, as the filter was given it. */
    HttpServletResponse below() {
        return (HttpServletResponse) getResponse();
    }

    HeldFields held() {
        return held;
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

    private boolean isFrozen() {
        // After sendError and sendRedirect the container's own rules hold.
        return !exchange.isLeft() && (isCommitted() || isIncluding());
    }

    private boolean isIncluding() {
        return exchange.request().getDispatcherType() == DispatcherType.INCLUDE;
    }

    private boolean isHeld(String name) {
        return exchange.isUndecided() && HeldFields.holds(name);
    }

    // ---- body

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (writer != null) {
            throw new IllegalStateException("getWriter() was called on this response");
        }
        if (stream == null) {
            stream = new ObservedOutput(exchange);
        }
        return stream;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        if (stream != null) {
            throw new IllegalStateException("getOutputStream() was called on this response");
        }
        if (writer == null) {
            String charset = getCharacterEncoding();
            if (!isIncluding()) {
                // As the containers do: from here on the charset is fixed and named in the Content-Type.
                super.setCharacterEncoding(charset);
            }
            writer = BodyWriter.of(new ObservedOutput(exchange), charset);
        }
        return writer;
    }

    @Override
    public boolean isCommitted() {
        return !exchange.isUndecided() || exchange.isFull() || super.isCommitted();
    }

    @Override
    public void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        } else {
            exchange.flush();
        }
    }

    @Override
    public void setBufferSize(int size) {
        if (writer != null) {
            writer.drain();
        }
        if (exchange.hasTakenBytes()) {
            throw new IllegalStateException("bytes were written before setBufferSize");
        }
        super.setBufferSize(size);
    }

    @Override
    public void resetBuffer() {
        // Also during an include: a container that forbids it there has its include wrapper above ours.
        requireUncommitted();
        if (writer != null) {
            writer.discard();
        }
        exchange.discardBytes();
        super.resetBuffer();
    }

    @Override
    public void reset() {
        requireUncommitted();
        if (isIncluding()) {
            return;
        }
        exchange.discardBytes();
        held.clear();
        stream = null;
        writer = null;
        trailers = Trailers.NONE;
        super.reset();
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
        leaveFor(status);
        super.sendError(status);
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        leaveFor(status);
        super.sendError(status, message);
    }

    /** An interim response by {@code sendError}, as some containers have it, ends nothing (RFC 9110 §15.2). */
    private void leaveFor(int status) {
        boolean interim = status >= 100 && status < 200;
        if (!interim && !isIncluding()) {
            leave();
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (!isIncluding()) {
            leave();
        }
        super.sendRedirect(location);
    }

    /** Servlet 6.1; not seen by the compiler of 6.0, so the wrapper of the container would pass us by. */
    public void sendRedirect(String location, int status) throws IOException {
        if (!isIncluding()) {
            leave();
        }
        NewerServletApi.sendRedirect(below(), location, status);
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        sendRedirect(location, SC_FOUND, clearBuffer);
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (clearBuffer || isIncluding()) {
            sendRedirect(location, status);
            return;
        }
        requireUncommitted();
        drainWriter();
        setStatus(status);
        setHeader("Location", location);
        exchange.commit();
    }

    /** The body so far is void, and with it what was said of it; the container goes on alone. */
    private void leave() {
        requireUncommitted();
        if (writer != null) {
            writer.discard();
        }
        held.clear();
        exchange.leave();
    }

    // ---- fields

    @Override
    public void setContentLength(int length) {
        setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        if (!isFrozen()) {
            held.set("Content-Length", length < 0 ? null : Long.toString(length));
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (isFrozen()) {
            return;
        }
        if (isHeld(name)) {
            held.set(name, value);
        } else {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (isFrozen()) {
            return;
        }
        if (isHeld(name)) {
            held.add(name, value);
        } else {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (isHeld(name)) {
            setHeader(name, Integer.toString(value));
        } else if (!isFrozen()) {
            super.setIntHeader(name, value);
        }
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (isHeld(name)) {
            addHeader(name, Integer.toString(value));
        } else if (!isFrozen()) {
            super.addIntHeader(name, value);
        }
    }

    @Override
    public void setDateHeader(String name, long milliseconds) {
        if (isHeld(name)) {
            setHeader(name, HttpDate.format(Instant.ofEpochMilli(milliseconds)));
        } else if (!isFrozen()) {
            super.setDateHeader(name, milliseconds);
        }
    }

    @Override
    public void addDateHeader(String name, long milliseconds) {
        if (isHeld(name)) {
            addHeader(name, HttpDate.format(Instant.ofEpochMilli(milliseconds)));
        } else if (!isFrozen()) {
            super.addDateHeader(name, milliseconds);
        }
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isHeld(name) ? held.first(name).orElseGet(() -> super.getHeader(name)) : super.getHeader(name);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        return isHeld(name) && held.first(name).isPresent() ? held.all(name) : super.getHeaders(name);
    }

    @Override
    public Collection<String> getHeaderNames() {
        Set<String> names = new LinkedHashSet<>(super.getHeaderNames());
        names.addAll(held.names());
        return new ArrayList<>(names);
    }

    @Override
    public boolean containsHeader(String name) {
        return held.first(name).isPresent() || super.containsHeader(name);
    }

    @Override
    public void setContentType(@Nullable String type) {
        if (isFrozen()) {
            return;
        }
        if (writer == null) {
            super.setContentType(type);
        } else if (type != null) {
            String charset = getCharacterEncoding();
            super.setContentType(type);
            // After getWriter() the type may still change, the charset may not (Servlet 6.0, setContentType).
            super.setCharacterEncoding(charset);
        }
    }

    @Override
    public void setCharacterEncoding(@Nullable String charset) {
        if (!isFrozen() && writer == null) {
            super.setCharacterEncoding(charset);
        }
    }

    /** Servlet 6.1. */
    public void setCharacterEncoding(@Nullable Charset charset) {
        setCharacterEncoding(charset == null ? null : charset.name());
    }

    @Override
    public void setLocale(Locale locale) {
        if (isFrozen()) {
            return;
        }
        String charset = getCharacterEncoding();
        super.setLocale(locale);
        if (writer != null) {
            super.setCharacterEncoding(charset);
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
        super.setTrailerFields(supplier);
        trailers = Trailers.ANNOUNCED;
    }

    /** All lines of a field as they stand now, held or not. */
    List<String> lines(String name) {
        return List.copyOf(getHeaders(name));
    }
}
