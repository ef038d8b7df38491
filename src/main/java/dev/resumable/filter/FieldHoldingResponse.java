// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.HttpDate;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A response that holds back the {@link HeldFields}, in all the ways that the Servlet API has to set and read a field. */
abstract class FieldHoldingResponse extends HttpServletResponseWrapper {

    private final HeldFields held = new HeldFields();
    private boolean lengthCameLate;

    FieldHoldingResponse(HttpServletResponse response) {
        super(response);
    }

    /** True while calls that change the head must be ignored. */
    abstract boolean isFrozen();

    /** True once the application has written a byte. */
    abstract boolean hasTakenBytes();

    /** The response below, as the filter was given it. */
    HttpServletResponse below() {
        return (HttpServletResponse) getResponse();
    }

    HeldFields held() {
        return held;
    }

    /** What the application has said of its body. */
    OwnFields own() {
        return new OwnFields(held);
    }

    /** True if the length was declared after first bytes, which may be another's than those that it was meant for. */
    boolean lengthCameLate() {
        return lengthCameLate;
    }

    /** All lines of a field as they stand now, held or not. */
    List<String> lines(String name) {
        return List.copyOf(getHeaders(name));
    }

    @Override
    public void setContentLength(int length) {
        setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        setHeader("Content-Length", length < 0 ? null : Long.toString(length));
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (isFrozen()) {
            return;
        }
        if (HeldFields.holds(name)) {
            held.set(name, value);
            noteLength(name);
        } else {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (isFrozen()) {
            return;
        }
        if (HeldFields.holds(name)) {
            held.add(name, value);
            noteLength(name);
        } else {
            super.addHeader(name, value);
        }
    }

    private void noteLength(String name) {
        if (name.equalsIgnoreCase("Content-Length")) {
            lengthCameLate = hasTakenBytes();
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (HeldFields.holds(name)) {
            setHeader(name, Integer.toString(value));
        } else if (!isFrozen()) {
            super.setIntHeader(name, value);
        }
    }

    @Override
    public void addIntHeader(String name, int value) {
        if (HeldFields.holds(name)) {
            addHeader(name, Integer.toString(value));
        } else if (!isFrozen()) {
            super.addIntHeader(name, value);
        }
    }

    @Override
    public void setDateHeader(String name, long milliseconds) {
        if (HeldFields.holds(name)) {
            setHeader(name, HttpDate.format(Instant.ofEpochMilli(milliseconds)));
        } else if (!isFrozen()) {
            super.setDateHeader(name, milliseconds);
        }
    }

    @Override
    public void addDateHeader(String name, long milliseconds) {
        if (HeldFields.holds(name)) {
            addHeader(name, HttpDate.format(Instant.ofEpochMilli(milliseconds)));
        } else if (!isFrozen()) {
            super.addDateHeader(name, milliseconds);
        }
    }

    @Override
    public @Nullable String getHeader(String name) {
        return held.first(name).orElseGet(() -> super.getHeader(name));
    }

    @Override
    public Collection<String> getHeaders(String name) {
        return held.first(name).isPresent() ? held.all(name) : super.getHeaders(name);
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
}
