// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Parts of JDBC around others, which do something beside. */
final class Wrapped {

    private Wrapped() {}

    /** What a call of a method gives. */
    @FunctionalInterface
    interface Call {
        Object run(Method method, Object[] arguments) throws Exception;
    }

    static <T> T of(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return call.run(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
