// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.HttpDate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request without the fields that are answered here. */
abstract class FieldHidingRequest extends HttpServletRequestWrapper {

    FieldHidingRequest(HttpServletRequest request) {
        super(request);
    }

    /** What is shown of a hidden field: lines of the client's own, or others in their place. */
    abstract List<String> shown(String name);

    /** The name of a hidden field that is shown whether or not the client has sent it. */
    Optional<String> addedName() {
        return Optional.empty();
    }

    /** True if the field is for us alone. */
    boolean hides(String name) {
        return HiddenFields.hides(name);
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
        if (names == null) {
            return names;
        }
        List<String> sent = Collections.list(names);
        List<String> visible = new ArrayList<>(sent);
        visible.removeIf(name -> hides(name) && shown(name).isEmpty());
        addedName()
                .filter(added -> sent.stream().noneMatch(added::equalsIgnoreCase))
                .ifPresent(visible::add);
        return Collections.enumeration(visible);
    }

    @Override
    public long getDateHeader(String name) {
        return hides(name) ? dateOf(shown(name)) : super.getDateHeader(name);
    }

    /** As the Servlet API has it: -1 for none, an exception for what is no date. */
    private static long dateOf(List<String> lines) {
        return lines.isEmpty()
                ? -1
                : HttpDate.parse(lines.get(0))
                        .orElseThrow(() -> new IllegalArgumentException("not a date: " + lines.get(0)))
                        .toEpochMilli();
    }

    @Override
    public int getIntHeader(String name) {
        if (!hides(name)) {
            return super.getIntHeader(name);
        }
        List<String> shown = shown(name);
        return shown.isEmpty() ? -1 : Integer.parseInt(shown.get(0));
    }
}
