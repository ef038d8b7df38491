// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;
import io.undertow.UndertowOptions;
import java.io.IOException;

/** A proxy in a process of its own, for a small heap: prints its port, and ends when its input does. */
final class SmallHeapProxy {

    private SmallHeapProxy() {}

    /** Takes the container and the target. */
    public static void main(String[] arguments) throws IOException {
        WebApp app = new WebApp()
                .undertow(builder -> builder.setServerOption(UndertowOptions.MAX_ENTITY_SIZE, -1L))
                .servlet(ServletEntry.of("proxy", new ProxyServlet(ProxyConfig.to(arguments[1])), "/*")
                        .async());
        try (EmbeddedContainer container = ContainerKind.valueOf(arguments[0]).start(app)) {
            System.out.println("port " + container.port());
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        }
        System.exit(0);
    }
}
