// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;

/** Tomcat's own objects behind those of a servlet, by reflection; each method fails where there is none. */
final class TomcatObjects {

    private static final String FACADE = "org.apache.catalina.connector.RequestFacade";

    private TomcatObjects() {}

    static ServletRequest innermost(ServletRequest request) {
        ServletRequest innermost = request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            innermost = wrapper.getRequest();
        }
        return innermost;
    }

    /** True if it is Tomcat's own request, over a connection of its own: streams of HTTP/2 share theirs. */
    static boolean hasConnection(ServletRequest innermost) {
        return isTomcats(innermost) && !innermost.getProtocol().startsWith("HTTP/2");
    }

    static boolean isTomcats(ServletRequest innermost) {
        return innermost.getClass().getName().equals(FACADE);
    }

    /** The wrapper around the connection of a request. */
    static Object socket(ServletRequest innermost) throws ReflectiveOperationException {
        Object request = value(innermost, "request");
        Object ofConnection = call(request, "getCoyoteRequest");
        Object processor = value(ofConnection, "hook");
        return accessible(declaring(processor.getClass()).getDeclaredMethod("getSocketWrapper"))
                .invoke(processor);
    }

    private static Class<?> declaring(Class<?> processor) {
        Class<?> type = processor;
        while (!type.getName().equals("org.apache.coyote.AbstractProcessor") && type.getSuperclass() != null) {
            type = type.getSuperclass();
        }
        return type;
    }

    /** The channel below the wrapper, and below its TLS. */
    static Object channel(ServletRequest innermost) throws ReflectiveOperationException {
        return call(call(socket(innermost), "getSocket"), "getIOChannel");
    }

    /**
     * Takes back that a read of content has failed: Tomcat has made a 400 of it by then, and lets nothing else be written. The
     * response must not have begun.
     */
    static void forgetReadFailure(ServletRequest innermost) throws ReflectiveOperationException {
        Object request = value(innermost, "request");
        Object ofConnection = call(request, "getCoyoteRequest");
        ofConnection.getClass().getMethod("setErrorException", Exception.class).invoke(ofConnection, new Object[] {null
        });
        innermost.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
        Object response = call(request, "getResponse");
        call(response, "resetError");
        response.getClass().getMethod("setSuspended", boolean.class).invoke(response, false);
    }

    /** How many bytes a head of HTTP/1 may have in the connector of this response. */
    static int maxResponseHead(Object response) throws ReflectiveOperationException {
        Object request = call(value(response, "response"), "getRequest");
        return (int) call(call(call(request, "getConnector"), "getProtocolHandler"), "getMaxHttpResponseHeaderSize");
    }

    private static Object call(Object owner, String getter) throws ReflectiveOperationException {
        return owner.getClass().getMethod(getter).invoke(owner);
    }

    private static Object value(Object owner, String name) throws ReflectiveOperationException {
        Field field = accessible(owner.getClass().getDeclaredField(name));
        return field.get(owner);
    }

    private static <T extends AccessibleObject> T accessible(T member) {
        member.setAccessible(true);
        return member;
    }
}
