// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request without the fields that are answered here. */
abstract class FieldHidingRequest extends HttpServletRequestWrapper {

    FieldHidingRequest(HttpServletRequest request) {
        super(request);
    }

    /** The lines of If-None-Match that are not hidden. */
    abstract List<String> shownIfNoneMatch();

    /** True if the field is for us alone. */
    boolean hides(String name) {
        return HiddenFields.hides(name);
    }

    private List<String> shown(String name) {
        return name.equalsIgnoreCase("If-None-Match") ? shownIfNoneMatch() : List.of();
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (!hides(name)) {
            return super.getHeader(name);
        }
        List<String> shown = shown(name);
        return shown.isEmpty() ? null : shown.get(0);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return hides(name) ? Collections.enumeration(shown(name)) : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
        Enumeration<String> names = super.getHeaderNames();
        return names == null
                ? names
                : Collections.enumeration(Collections.list(names).stream()
                        .filter(name -> !hides(name) || !shown(name).isEmpty())
                        .toList());
    }

    @Override
    public long getDateHeader(String name) {
        return hides(name) ? -1 : super.getDateHeader(name);
    }

    @Override
    public int getIntHeader(String name) {
        return hides(name) ? -1 : super.getIntHeader(name);
    }
}
