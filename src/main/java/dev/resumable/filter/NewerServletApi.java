// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Calls of Servlet 6.1 and later, which this library is not compiled against. */
final class NewerServletApi {

    private static final @Nullable MethodHandle SEND_REDIRECT =
            find("sendRedirect", MethodType.methodType(void.class, String.class, int.class));

    private NewerServletApi() {}

    private static @Nullable MethodHandle find(String name, MethodType type) {
        try {
            return MethodHandles.publicLookup().findVirtual(HttpServletResponse.class, name, type);
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    /** Redirects with a status of the caller's choice (Servlet 6.1); on an older container by status and Location. */
    static void sendRedirect(HttpServletResponse response, String location, int status) throws IOException {
        if (SEND_REDIRECT == null) {
            response.sendRedirect(location);
            response.setStatus(status);
            return;
        }
        try {
            SEND_REDIRECT.invokeExact(response, location, status);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("sendRedirect throws nothing else", e);
        }
    }
}
