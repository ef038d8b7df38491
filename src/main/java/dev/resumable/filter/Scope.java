// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.MediaRanges;
import dev.resumable.servlet.PathPattern;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tells which requests and responses the filter acts on.
 *
 * <p>The path that the client has asked decides, through all forwards and async dispatches: there is one exchange for each
 * request, and the fields that the application sees cannot change half-way.
 */
final class Scope {

    private static final AtomicInteger SCOPES = new AtomicInteger();

    /** Of this filter alone: another one in the same application has paths of its own. */
    private final String leftOut = Scope.class.getName() + ".leftOut." + SCOPES.incrementAndGet();

    private final List<PathPattern> included;
    private final List<PathPattern> excluded;
    private final List<PathPattern> withoutRanges;
    private final MediaRanges includedTypes;
    private final MediaRanges excludedTypes;

    /** Whether ranges are on for a path. */
    enum Ranges {
        ON,
        OFF
    }

    Scope(RangeScope configured) {
        this.included = patterns(configured.includePaths());
        this.excluded = patterns(configured.excludePaths());
        this.withoutRanges = patterns(configured.noRangesPaths());
        this.includedTypes = MediaRanges.of(configured.includeTypes()).orElseThrow();
        this.excludedTypes = MediaRanges.of(configured.excludeTypes()).orElseThrow();
    }

    private static List<PathPattern> patterns(Collection<String> texts) {
        return texts.stream().map(PathPattern::parse).flatMap(Optional::stream).toList();
    }

    /** True if all passes of this request are none of the filter's business, also that for its error page. */
    boolean leavesOut(HttpServletRequest request) {
        if (request.getAttribute(leftOut) != null) {
            return true;
        }
        // The path of an error page is not the one that was asked.
        if (request.getDispatcherType() == DispatcherType.ERROR || coversPath(askedPath(request))) {
            return false;
        }
        request.setAttribute(leftOut, true);
        return true;
    }

    private boolean coversPath(String path) {
        return (included.isEmpty() || anyMatches(included, path)) && !anyMatches(excluded, path);
    }

    Ranges rangesOf(HttpServletRequest request) {
        return anyMatches(withoutRanges, askedPath(request)) ? Ranges.OFF : Ranges.ON;
    }

    private static boolean anyMatches(List<PathPattern> patterns, String path) {
        for (PathPattern pattern : patterns) {
            if (pattern.matches(path)) {
                return true;
            }
        }
        return false;
    }

    /** A response without a type is in no media range. */
    boolean coversType(@Nullable String contentType) {
        return contentType == null
                ? includedTypes.isEmpty()
                : (includedTypes.isEmpty() || includedTypes.contain(contentType))
                        && !excludedTypes.contain(contentType);
    }

    /** Decoded and without parameters, as the container has mapped what the client asked. */
    private static String askedPath(HttpServletRequest request) {
        Object path = null;
        Object rest = null;
        if (request.getDispatcherType() == DispatcherType.FORWARD) {
            path = request.getAttribute(RequestDispatcher.FORWARD_SERVLET_PATH);
            rest = request.getAttribute(RequestDispatcher.FORWARD_PATH_INFO);
        } else if (request.getDispatcherType() == DispatcherType.ASYNC) {
            path = request.getAttribute(AsyncContext.ASYNC_SERVLET_PATH);
            rest = request.getAttribute(AsyncContext.ASYNC_PATH_INFO);
        }
        if (path == null) {
            // The first pass, or a forward by the name of a servlet, which changes no path.
            return StaticFiles.pathOf(request);
        }
        return rest == null ? path.toString() : path.toString() + rest;
    }
}
