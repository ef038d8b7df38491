// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileState;
import dev.resumable.filter.RangeConfig.StaticFilesPolicy;
import dev.resumable.filter.ResourceFiles.Found;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the file that the container's own default servlet would send for a request, and tells whether it may be sent without
 * asking that servlet.
 *
 * <p>The container's rules decide: the mapping, the class behind it, and {@link ServletContext#getResource}. What is not a
 * plain file by a plain path is left to the container.
 */
final class StaticFiles {

    /** By class, since the name "default" can be anybody's. */
    private static final Set<String> DEFAULT_SERVLETS = Set.of(
            "org.apache.catalina.servlets.DefaultServlet",
            "org.eclipse.jetty.ee10.servlet.DefaultServlet",
            "org.eclipse.jetty.ee11.servlet.DefaultServlet",
            "io.undertow.servlet.handlers.DefaultServlet");

    /** Init-params that change neither which file is meant nor what is sent of it; all others must be off. */
    private static final String JETTY_CONTEXT_PARAM = "org.eclipse.jetty.servlet.Default.";

    private static final Set<String> HARMLESS_PARAMS = Set.of(
            "debug",
            "listings",
            "directory-listing",
            "readonly",
            "input",
            "output",
            "sendfilesize",
            "usestrongetags",
            "useacceptranges",
            "acceptranges",
            "dirallowed",
            "welcomeservlets",
            "redirectwelcome",
            "maxcachesize",
            "maxcachedfilesize",
            "maxcachedfiles",
            "usefilemappedbuffer",
            "etags");

    /** The coarsest clock of a file system in use. */
    private static final Duration START_GRAIN = Duration.ofSeconds(2);

    /** Longer than any container believes its cache of static files without a look at the file. */
    private static final Duration DEFAULT_SERVLET_CACHE = Duration.ofSeconds(10);

    /** No container keeps larger files in the heap unless it is told to; Tomcat 512 KiB of its own accord. */
    private static final long MOST_CACHED = 16L << 20;

    /** What Undertow's default servlet answers with 404 unless it is told otherwise. */
    private static final Set<String> REFUSED_BY_UNDERTOW = Set.of("class", "jar", "war", "zip", "xml");

    private final ServletContext context;
    private final StaticFilesPolicy policy;
    private final OtherFilters otherFilters;
    private final Map<String, DefaultServlet> servlets = new ConcurrentHashMap<>();
    private final ResourceFiles files;
    private final Instant started = Instant.now();

    private enum DefaultServlet {
        SENDS_ALL,
        /** As Undertow's, which judges by suffix. */
        REFUSES_SUFFIXES,
        /** The container's, configured to send more or other than the file. */
        CONFIGURED,
        OTHER
    }

    StaticFiles(ServletContext context, String ownFilterName, StaticFilesPolicy policy) {
        this.context = context;
        this.policy = policy;
        this.files = new ResourceFiles(context);
        this.otherFilters = new OtherFilters(context, ownFilterName);
    }

    /** The file, if it may be answered without running the rest of the chain. */
    Optional<Found> directlyAnswered(HttpServletRequest request) {
        if (policy == StaticFilesPolicy.CHAIN) {
            return Optional.empty();
        }
        return behind(request).filter(path -> policy == StaticFilesPolicy.DIRECT || otherFilters.noneMatches(request));
    }

    /** True if the container's own default servlet is the target, by whatever mapping. */
    boolean isDefaultServlet(HttpServletRequest request) {
        String name = request.getHttpServletMapping().getServletName();
        return servlets.computeIfAbsent(name, this::look) != DefaultServlet.OTHER;
    }

    /** The file that the default servlet sends for this request, if it is one and that servlet is the target. */
    Optional<Found> behind(HttpServletRequest request) {
        HttpServletMapping mapping = request.getHttpServletMapping();
        if (mapping.getMappingMatch() != MappingMatch.DEFAULT) {
            return Optional.empty();
        }
        String path = pathOf(request);
        boolean sent = switch (servlets.computeIfAbsent(mapping.getServletName(), this::look)) {
            case SENDS_ALL -> true;
            case REFUSES_SUFFIXES -> !REFUSED_BY_UNDERTOW.contains(suffix(path));
            case CONFIGURED, OTHER -> false;
        };
        return sent && isPlain(path) ? files.find(path) : Optional.empty();
    }

    private static String suffix(String path) {
        return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    static String pathOf(HttpServletRequest request) {
        return request.getPathInfo() == null
                ? request.getServletPath()
                : request.getServletPath() + request.getPathInfo();
    }

    private DefaultServlet look(String name) {
        ServletRegistration registration = context.getServletRegistration(name);
        if (registration == null) {
            // No application can map a servlet without registering it: this one is the container's, as Undertow does
            // it.
            return DefaultServlet.REFUSES_SUFFIXES;
        }
        String type = String.valueOf(registration.getClassName());
        if (!DEFAULT_SERVLETS.contains(type)) {
            return DefaultServlet.OTHER;
        }
        boolean plain = registration.getInitParameters().entrySet().stream()
                .allMatch(param -> isHarmless(param.getKey(), param.getValue()));
        if (!plain || (type.startsWith("org.eclipse.jetty.") && isConfiguredByContext())) {
            return DefaultServlet.CONFIGURED;
        }
        return type.startsWith("io.undertow.") ? DefaultServlet.REFUSES_SUFFIXES : DefaultServlet.SENDS_ALL;
    }

    private static boolean isHarmless(String param, String value) {
        return HARMLESS_PARAMS.contains(param.toLowerCase(Locale.ROOT))
                || value.isBlank()
                || value.equalsIgnoreCase("false");
    }

    /** Jetty's takes context-params of such names before its own init-params. */
    private boolean isConfiguredByContext() {
        return Collections.list(context.getInitParameterNames()).stream()
                .filter(name -> name.startsWith(JETTY_CONTEXT_PARAM))
                .anyMatch(name -> !isHarmless(
                        name.substring(JETTY_CONTEXT_PARAM.length()), String.valueOf(context.getInitParameter(name))));
    }

    /** False for paths that file systems and containers read in more than one way, and for what is not public. */
    private static boolean isPlain(String path) {
        return path.startsWith("/")
                && !path.endsWith("/")
                && !path.contains("//")
                && !path.contains("/.")
                && hasPlainCharacters(path)
                && !path.regionMatches(true, 0, "/WEB-INF", 0, 8)
                && !path.regionMatches(true, 0, "/META-INF", 0, 9);
    }

    /**
     * True if a default servlet that declares the length and date of this state sends its bytes, and not from its cache what
     * the file was before; for ever, if the date was set back.
     */
    boolean isBelievable(FileState state) {
        return state.hasStoodStill(DEFAULT_SERVLET_CACHE, Instant.now())
                && (state.size() > MOST_CACHED || isOlderThanApplication(state));
    }

    /** True if nothing has happened to the file since the application, and with it any cache of its container, was started. */
    private boolean isOlderThanApplication(FileState state) {
        return state.hasStoodStill(START_GRAIN, started);
    }

    private static boolean hasPlainCharacters(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '\\' || c == ':' || c < ' ' || c == 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Has all files digested that the default servlet might send, as far as the application is a directory. */
    void warmUp(EntityTagSource tags) {
        files.root().ifPresent(root -> tags.warmUp(root, path -> isPlain(pathBelow(root, path))));
    }

    private static String pathBelow(Path root, Path path) {
        StringBuilder text = new StringBuilder();
        root.relativize(path).forEach(name -> text.append('/').append(name));
        return text.toString();
    }
}
