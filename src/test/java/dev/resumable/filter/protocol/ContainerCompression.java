// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import dev.resumable.testing.WebApp;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import org.eclipse.jetty.server.handler.gzip.GzipHandler;

/** What each container has to compress responses with, switched on. */
final class ContainerCompression {

    private ContainerCompression() {}

    static WebApp addTo(WebApp app) {
        return app.tomcat(tomcat -> tomcat.getConnector().setProperty("compression", "force"))
                .jetty(server -> server.insertHandler(new GzipHandler()))
                .undertowDeployment(deployment -> deployment.addInitialHandlerChainWrapper(
                        next -> new EncodingHandler(new ContentEncodingRepository()
                                        .addEncodingHandler("gzip", new GzipEncodingProvider(), 50))
                                .setNext(next)));
    }
}
