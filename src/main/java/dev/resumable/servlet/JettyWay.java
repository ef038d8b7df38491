// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * From a servlet response of Jetty's to what belongs to it, from getter to getter.
 *
 * @param handle takes the response
 * @param end what it gives
 * @param loader Jetty's, since a web application's own does not show the server's classes
 */
record JettyWay(MethodHandle handle, Class<?> end, ClassLoader loader) {

    static final Lookup LOOKUP = MethodHandles.publicLookup();

    private static final String SERVER = "org.eclipse.jetty.server.";

    static JettyWay from(Class<?> response) {
        return new JettyWay(MethodHandles.identity(response), response, response.getClassLoader());
    }

    /** To what is known of the connection. */
    static JettyWay toConnection(Class<?> response) throws ReflectiveOperationException {
        return from(response)
                .step("getResponse", SERVER + "Response")
                .step("getRequest", SERVER + "Request")
                .step("getConnectionMetaData", SERVER + "ConnectionMetaData");
    }

    Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(name, false, loader);
    }

    JettyWay step(String getter, String type) throws ReflectiveOperationException {
        return step(getter, type(type));
    }

    JettyWay step(String getter, Class<?> next) throws ReflectiveOperationException {
        return new JettyWay(
                MethodHandles.filterReturnValue(handle, LOOKUP.findVirtual(end, getter, MethodType.methodType(next))),
                next,
                loader);
    }

    /** A call of what the way ends at. */
    MethodHandle call(String name, MethodType type) throws ReflectiveOperationException {
        return MethodHandles.filterArguments(LOOKUP.findVirtual(end, name, type).asFixedArity(), 0, handle);
    }

    /** What the way leads to from this response. */
    Object follow(Object response) throws ReflectiveOperationException {
        try {
            return handle.invoke(response);
        } catch (ReflectiveOperationException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }
}
