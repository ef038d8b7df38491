// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.AnswersRanges;
import dev.resumable.content.PassesRanges;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Tells which servlets answer ranges themselves, or know who may: by the marker of their class, or by the deployer's word. */
final class RangeAwareServlets {

    private final ServletContext context;
    private final Set<String> named;
    private final Map<String, Awareness> known = new ConcurrentHashMap<>();

    /** What a servlet does with ranges. */
    enum Awareness {
        /** It answers them itself; see {@link AnswersRanges}. */
        AWARE,
        /** It hands them on; see {@link PassesRanges}. */
        PASSING,
        /** Nothing. */
        UNAWARE
    }

    RangeAwareServlets(ServletContext context, Set<String> named) {
        this.context = context;
        this.named = named;
    }

    /** Of the servlet that the request is going to. */
    Awareness of(HttpServletRequest request) {
        String servlet = request.getHttpServletMapping().getServletName();
        return servlet == null || servlet.isEmpty()
                ? Awareness.UNAWARE
                : known.computeIfAbsent(servlet, this::awareness);
    }

    private Awareness awareness(String servlet) {
        if (named.contains(servlet) || isMarked(servlet, AnswersRanges.class)) {
            return Awareness.AWARE;
        }
        return isMarked(servlet, PassesRanges.class) ? Awareness.PASSING : Awareness.UNAWARE;
    }

    private boolean isMarked(String servlet, Class<?> marker) {
        ServletRegistration registration = context.getServletRegistration(servlet);
        if (registration == null || registration.getClassName() == null) {
            return false;
        }
        // An embedded container may have no loader for the application, or one that does not see the servlet's class.
        return Stream.of(context.getClassLoader(), RangeAwareServlets.class.getClassLoader())
                .filter(Objects::nonNull)
                .anyMatch(loader -> isMarked(registration.getClassName(), marker, loader));
    }

    private static boolean isMarked(String className, Class<?> marker, ClassLoader loader) {
        try {
            return marker.isAssignableFrom(Class.forName(className, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            // A servlet of the container's own, or one that will fail to load anyway.
            return false;
        }
    }
}
