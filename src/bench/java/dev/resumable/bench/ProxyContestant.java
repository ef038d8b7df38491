// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import dev.resumable.proxy.ProxyConfig;
import dev.resumable.proxy.ProxyServlet;
import dev.resumable.testing.ServletEntry;
import dev.resumable.testing.WebApp;

/** Who stands between client and server. The order is that of the report; the first is what all others are compared with. */
enum ProxyContestant {
    /** Two sockets and a loop; it knows no HTTP. */
    RELAY("bare socket relay"),
    /** The servlet of this library. */
    RESUMABLE("ProxyServlet"),
    /** Jetty's asynchronous proxy with its asynchronous client. */
    JETTY("Jetty AsyncProxyServlet"),
    /** The servlet of MITRE with Apache HttpClient 4. */
    MITRE("MITRE ProxyServlet"),
    /** {@code proxy_pass}, where nginx is installed. */
    NGINX("nginx proxy_pass");

    private final String title;

    ProxyContestant(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** Puts into an application what makes it this contestant's. */
    void prepare(WebApp app, int origin) {
        String target = "http://127.0.0.1:" + origin;
        app.servlet(
                switch (this) {
                    case RESUMABLE ->
                        ServletEntry.of("proxy", new ProxyServlet(ProxyConfig.to(target)), "/*")
                                .async();
                    case JETTY ->
                        ServletEntry.of("proxy", new org.eclipse.jetty.ee10.proxy.AsyncProxyServlet.Transparent(), "/*")
                                .param("proxyTo", target)
                                // Else it takes those of a Jetty around it.
                                .param("maxThreads", "200")
                                .async();
                    case MITRE ->
                        ServletEntry.of("proxy", new org.mitre.dsmiley.httpproxy.ProxyServlet(), "/*")
                                .param("targetUri", target);
                    default -> throw new IllegalArgumentException(this + " is no servlet");
                });
    }
}
