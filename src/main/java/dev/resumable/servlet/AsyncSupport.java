// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;

/**
 * Whether a request may go async at the place in the chain where this was asked for, also after what is behind it has run.
 *
 * <p>A filter or servlet that does not support async takes that away while it runs (Servlet 6.0 §2.3.3.3). Tomcat and Undertow
 * do not give it back when it has returned.
 */
public final class AsyncSupport {

    private static final Logger LOG = System.getLogger(AsyncSupport.class.getName());

    private static final String TOMCAT_ATTRIBUTE = "org.apache.catalina.ASYNC_SUPPORTED";
    private static final String UNDERTOW_CONTEXT = "io.undertow.servlet.handlers.ServletRequestContext";

    private final ServletRequest request;
    private final boolean supported;

    /** Remembers what holds here. */
    public AsyncSupport(ServletRequest request) {
        this.request = request;
        this.supported = request.isAsyncSupported();
    }

    /** True if async may start now that everything behind this place has returned. */
    public boolean isGivenBack() {
        if (supported && !request.isAsyncSupported()) {
            giveBack();
        }
        return supported && request.isAsyncSupported();
    }

    private void giveBack() {
        Class<?> type = innermost(request).getClass();
        if (!type.getName().startsWith("io.undertow.")) {
            request.setAttribute(TOMCAT_ATTRIBUTE, true);
            return;
        }
        try {
            Class<?> context = Class.forName(UNDERTOW_CONTEXT, false, type.getClassLoader());
            Method setter = context.getMethod("setAsyncSupported", boolean.class);
            setter.invoke(context.getMethod("requireCurrent").invoke(null), true);
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.DEBUG, "async stays unsupported: {0}", e.toString());
        }
    }

    private static ServletRequest innermost(ServletRequest request) {
        ServletRequest innermost = request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            innermost = wrapper.getRequest();
        }
        return innermost;
    }
}
