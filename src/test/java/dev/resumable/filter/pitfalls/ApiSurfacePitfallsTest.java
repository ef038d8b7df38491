// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** P12: every method through which an application could reach past the wrappers. */
@DisplayName("the surface of the Servlet API:")
final class ApiSurfacePitfallsTest {

    /** Methods that may go straight to the response below, by name, and why. */
    private static final Map<String, String> SAFE_RESPONSE_METHODS = Map.of(
            "encodeURL", "text in, text out",
            "encodeRedirectURL", "text in, text out",
            "getStatus", "the status below is never changed before the answer is decided",
            "getBufferSize", "no state of ours",
            "getCharacterEncoding", "no state of ours",
            "getContentType", "no state of ours",
            "getLocale", "no state of ours",
            "getTrailerFields", "no state of ours",
            "sendEarlyHints", "Servlet 6.2: an interim response, which ends nothing");

    /** Methods that may go straight to the request below, by name, and why: all but these are about other fields. */
    private static final Set<String> REQUEST_METHODS_OF_OURS = Set.of(
            "getMethod",
            "getHeader",
            "getHeaders",
            "getHeaderNames",
            "getDateHeader",
            "getIntHeader",
            "startAsync",
            "getAsyncContext");

    /** What a request can be asked without any of our answers being involved. */
    private static final Set<String> SAFE_REQUEST_METHODS = Set.of(
            // The target and the connection.
            "getAuthType",
            "getContextPath",
            "getPathInfo",
            "getPathTranslated",
            "getQueryString",
            "getRequestURI",
            "getRequestURL",
            "getServletPath",
            "getHttpServletMapping",
            "getProtocol",
            "getScheme",
            "getServerName",
            "getServerPort",
            "getRemoteAddr",
            "getRemoteHost",
            "getRemotePort",
            "getLocalName",
            "getLocalAddr",
            "getLocalPort",
            "isSecure",
            "getServletConnection",
            "getRequestId",
            "getProtocolRequestId",
            // The body of the request and its parameters.
            "getCookies",
            "getParameter",
            "getParameterMap",
            "getParameterNames",
            "getParameterValues",
            "getPart",
            "getParts",
            "getInputStream",
            "getReader",
            "getCharacterEncoding",
            "setCharacterEncoding",
            "getContentLength",
            "getContentLengthLong",
            "getContentType",
            "getTrailerFields",
            "isTrailerFieldsReady",
            "getLocale",
            "getLocales",
            // The user.
            "authenticate",
            "login",
            "logout",
            "getRemoteUser",
            "getUserPrincipal",
            "isUserInRole",
            "getSession",
            "changeSessionId",
            "getRequestedSessionId",
            "isRequestedSessionIdFromCookie",
            "isRequestedSessionIdFromURL",
            "isRequestedSessionIdValid",
            // State of the container that the exchange reads itself.
            "getAttribute",
            "getAttributeNames",
            "setAttribute",
            "removeAttribute",
            "getDispatcherType",
            "getRequestDispatcher",
            "getServletContext",
            "isAsyncStarted",
            "isAsyncSupported",
            // Ends HTTP on this connection; 101 and pushed requests are responses of their own.
            "upgrade",
            "newPushBuilder");

    /** Methods of Servlet 6.1, which the 6.0 of this build does not know: they have to be there all the same. */
    private static final List<String> RESPONSE_METHODS_OF_6_1 = List.of(
            "sendRedirect(String,int)",
            "sendRedirect(String,boolean)",
            "sendRedirect(String,int,boolean)",
            "setCharacterEncoding(Charset)");

    @Test
    @DisplayName("P12 every method of HttpServletResponse is overridden, or listed as safe with the reason")
    void response() throws ClassNotFoundException {
        Class<?> wrapper = Class.forName("dev.resumable.filter.ObservedResponse");
        Set<String> overridden = declared(wrapper);
        overridden.addAll(declared(wrapper.getSuperclass()));
        assertThat(unguarded(HttpServletResponse.class, overridden, SAFE_RESPONSE_METHODS.keySet()))
                .isEmpty();
    }

    @Test
    @DisplayName("P12 the methods that Servlet 6.1 has added are overridden, though this build is one of 6.0")
    void newerResponse() throws ClassNotFoundException {
        assertThat(declared(Class.forName("dev.resumable.filter.ObservedResponse")))
                .containsAll(RESPONSE_METHODS_OF_6_1);
    }

    @Test
    @DisplayName("P12 every method of HttpServletRequest is overridden, or listed as safe")
    void request() throws ClassNotFoundException {
        Class<?> wrapper = Class.forName("dev.resumable.filter.ObservedRequest");
        Set<String> overridden = declared(wrapper);
        overridden.addAll(declared(wrapper.getSuperclass()));
        assertThat(unguarded(HttpServletRequest.class, overridden, SAFE_REQUEST_METHODS))
                .isEmpty();
        assertThat(names(overridden)).containsAll(REQUEST_METHODS_OF_OURS);
    }

    @Test
    @DisplayName("P12 the output stream takes every write, flush and close itself; all other methods end in these")
    void output() throws ClassNotFoundException {
        Set<String> overridden = declared(Class.forName("dev.resumable.filter.ObservedOutput"));
        assertThat(overridden)
                .contains(
                        "write(int)",
                        "write(byte[],int,int)",
                        "flush()",
                        "close()",
                        "isReady()",
                        "setWriteListener(WriteListener)");
        // print and println, write(byte[]), and the write(ByteBuffer) of 6.1, whose default copies into an array.
        assertThat(names(signatures(ServletOutputStream.class, OutputStream.class)))
                .containsOnly("write", "flush", "close", "isReady", "setWriteListener", "print", "println");
    }

    private static Set<String> unguarded(Class<?> type, Set<String> overridden, Set<String> safeNames) {
        return signatures(type).stream()
                .filter(signature -> !overridden.contains(signature))
                .filter(signature -> !safeNames.contains(name(signature)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> declared(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(ApiSurfacePitfallsTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> signatures(Class<?>... types) {
        return Stream.of(types)
                .flatMap(type -> Stream.of(type.getMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> method.getDeclaringClass() != Object.class)
                .map(ApiSurfacePitfallsTest::signature)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(",", method.getName() + "(", ")"));
    }

    private static Set<String> names(Set<String> signatures) {
        return signatures.stream().map(ApiSurfacePitfallsTest::name).collect(Collectors.toSet());
    }

    private static String name(String signature) {
        return signature.substring(0, signature.indexOf('('));
    }
}
