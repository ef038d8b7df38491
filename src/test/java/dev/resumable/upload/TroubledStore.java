// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.store.Catalogue;
import dev.resumable.upload.store.UploadBodies;
import dev.resumable.upload.store.UploadStates;
import dev.resumable.upload.store.UploadStore;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store around another one, in which something may go wrong before each call. */
final class TroubledStore {

    private TroubledStore() {}

    /** What goes wrong; it may also wait. */
    @FunctionalInterface
    interface Trouble {
        void before(String method, Object[] arguments) throws IOException;
    }

    static UploadStore of(UploadStore store, Trouble trouble) {
        return new UploadStore(
                around(UploadBodies.class, store.bodies(), trouble),
                around(UploadStates.class, store.states(), trouble),
                store.locks(),
                around(Catalogue.class, store.catalogue(), trouble),
                store.resources());
    }

    private static <T> T around(Class<T> type, T part, Trouble trouble) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    trouble.before(method.getName(), arguments == null ? new Object[0] : arguments);
                    try {
                        return method.invoke(part, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
