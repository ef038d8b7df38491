// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import jakarta.servlet.ServletContainerInitializer;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.ContextHandler;

/**
 * The servlet layer of a Jetty, which has the same classes once more for each edition of Jakarta EE.
 *
 * <p>By reflection, since not every build has all of them.
 */
enum JettyEnvironment {
    EE10,
    EE11;

    private static final int SESSIONS = 1;

    private String className(String simpleName) {
        return "org.eclipse.jetty." + name().toLowerCase(Locale.ROOT) + ".servlet." + simpleName;
    }

    boolean isThere() {
        try {
            Class.forName(className("ServletContextHandler"), false, JettyEnvironment.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Makes a context with sessions, and whose only servlet is the container's default servlet. */
    ContextHandler context(Map<String, String> initParameters, String... welcomeFiles) {
        ContextHandler context = (ContextHandler) create("ServletContextHandler", SESSIONS);
        call(context, "setWelcomeFiles", (Object) welcomeFiles);
        Object servlet = create("ServletHolder", "default", load("DefaultServlet"));
        call(servlet, "setInitParameters", initParameters);
        call(servlet, "setInitOrder", 0);
        call(context, "addServlet", servlet, "/");
        return context;
    }

    void setInitializer(ContextHandler context, ServletContainerInitializer initializer) {
        call(context, "addServletContainerInitializer", initializer);
    }

    /** Lets the application map a servlet of its own to "/", as it may where the mapping comes from the web defaults. */
    void freeRoot(ContextHandler context) {
        Object mapping = call(call(context, "getServletHandler"), "getServletMapping", "/");
        call(mapping, "setFromDefaultDescriptor", true);
    }

    void setErrorPages(ContextHandler context, WebApp app) {
        Request.Handler pages = (Request.Handler) create("ErrorPageErrorHandler");
        app.statusPages().forEach((status, location) -> call(pages, "addErrorPage", status, location));
        app.exceptionPages().forEach((type, location) -> call(pages, "addErrorPage", type, location));
        context.setErrorHandler(pages);
    }

    private Class<?> load(String simpleName) {
        try {
            return Class.forName(className(simpleName));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object create(String simpleName, Object... arguments) {
        try {
            return Arrays.stream(load(simpleName).getConstructors())
                    .filter(constructor -> takes(constructor.getParameterTypes(), arguments))
                    .findFirst()
                    .orElseThrow()
                    .newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object call(Object target, String name, Object... arguments) {
        try {
            Method called = Arrays.stream(target.getClass().getMethods())
                    .filter(method -> method.getName().equals(name) && takes(method.getParameterTypes(), arguments))
                    .findFirst()
                    .orElseThrow();
            return called.invoke(target, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean takes(Class<?>[] types, Object... arguments) {
        if (types.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < types.length; i++) {
            Class<?> type =
                    types[i] == int.class ? Integer.class : types[i] == boolean.class ? Boolean.class : types[i];
            if (!type.isInstance(arguments[i])) {
                return false;
            }
        }
        return true;
    }
}
