// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.servlet.PathPattern;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filters that stand beside ours, any of which may be an access check behind it.
 *
 * <p>The Servlet API does not tell their order, so one that could match is enough to run the chain.
 */
final class OtherFilters {

    /** Filters of containers that look at upgrade requests alone. */
    private static final Set<String> BYSTANDERS = Set.of(
            RangeServletFilter.class.getName(),
            "org.apache.tomcat.websocket.server.WsFilter",
            "org.eclipse.jetty.ee10.websocket.servlet.WebSocketUpgradeFilter",
            "org.eclipse.jetty.ee11.websocket.servlet.WebSocketUpgradeFilter",
            "io.undertow.websockets.jsr.JsrWebSocketFilter");

    private final ServletContext context;
    private final String ownName;
    private volatile @Nullable List<Mapping> mappings;

    private record Mapping(Collection<String> urlPatterns, Collection<String> servletNames) {}

    OtherFilters(ServletContext context, String ownName) {
        this.context = context;
        this.ownName = ownName;
    }

    /** True if no other filter could see this request, or a dispatch of it. */
    boolean noneMatches(HttpServletRequest request) {
        String path = StaticFiles.pathOf(request);
        String servlet = request.getHttpServletMapping().getServletName();
        return mappings().stream()
                .noneMatch(mapping -> mapping.urlPatterns().stream().anyMatch(pattern -> mayMatch(pattern, path))
                        || mapping.servletNames().contains(servlet)
                        || mapping.servletNames().contains("*"));
    }

    /** Read once, at the first request: filters cannot be added to a running application. */
    private List<Mapping> mappings() {
        List<Mapping> known = mappings;
        if (known == null) {
            known = context.getFilterRegistrations().values().stream()
                    .filter(filter -> !filter.getName().equals(ownName))
                    .filter(filter -> !BYSTANDERS.contains(String.valueOf(filter.getClassName())))
                    .map(OtherFilters::mapping)
                    .toList();
            mappings = known;
        }
        return known;
    }

    private static Mapping mapping(FilterRegistration filter) {
        return new Mapping(List.copyOf(filter.getUrlPatternMappings()), List.copyOf(filter.getServletNameMappings()));
    }

    /** What is not a pattern of the Servlet specification may mean anything to its container. */
    private static boolean mayMatch(String pattern, String path) {
        return PathPattern.parse(pattern).map(parsed -> parsed.matches(path)).orElse(true);
    }
}
