// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.AnswersRanges;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Tells which servlets answer ranges themselves: by the marker of their class, or by the deployer's word. */
final class RangeAwareServlets {

    private final ServletContext context;
    private final Set<String> named;
    private final Map<String, Awareness> known = new ConcurrentHashMap<>();

    private enum Awareness {
        AWARE,
        UNAWARE
    }

    RangeAwareServlets(ServletContext context, Set<String> named) {
        this.context = context;
        this.named = named;
    }

    /** True if the request is going to a servlet that wants it as it came. */
    boolean isTarget(HttpServletRequest request) {
        String servlet = request.getHttpServletMapping().getServletName();
        return servlet != null
                && !servlet.isEmpty()
                && known.computeIfAbsent(servlet, this::awareness) == Awareness.AWARE;
    }

    private Awareness awareness(String servlet) {
        ServletRegistration registration = context.getServletRegistration(servlet);
        boolean aware = named.contains(servlet)
                || (registration != null
                        && registration.getClassName() != null
                        && isMarked(registration.getClassName()));
        return aware ? Awareness.AWARE : Awareness.UNAWARE;
    }

    private boolean isMarked(String className) {
        // An embedded container may have no loader for the application, or one that does not see the servlet's class.
        return Stream.of(context.getClassLoader(), RangeAwareServlets.class.getClassLoader())
                .filter(Objects::nonNull)
                .anyMatch(loader -> isMarked(className, loader));
    }

    private static boolean isMarked(String className, ClassLoader loader) {
        try {
            return AnswersRanges.class.isAssignableFrom(Class.forName(className, false, loader));
        } catch (ClassNotFoundException | LinkageError e) {
            // A servlet of the container's own, or one that will fail to load anyway.
            return false;
        }
    }
}
