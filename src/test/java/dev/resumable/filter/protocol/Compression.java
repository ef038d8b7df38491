// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.protocol;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.WebApp;
import io.undertow.server.handlers.encoding.ContentEncodingRepository;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.server.handlers.encoding.GzipEncodingProvider;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.junit.jupiter.params.provider.Arguments;

/** The compression that containers bring, which stands in front of the filter; Jetty has two from 12.1 on. */
enum Compression {
    /** That of Tomcat's connector, and Undertow's handler. */
    OWN(""),
    GZIP_HANDLER("org.eclipse.jetty.server.handler.gzip.GzipHandler"),
    COMPRESSION_HANDLER("org.eclipse.jetty.compression.server.CompressionHandler");

    private final String jettyHandler;

    Compression(String jettyHandler) {
        this.jettyHandler = jettyHandler;
    }

    /** All containers with each compression that they have, for {@code @MethodSource}. */
    static Stream<Arguments> onEachContainer() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(values())
                        .filter(compression -> compression.isOf(kind))
                        .map(compression -> Arguments.of(kind, compression)));
    }

    private boolean isOf(ContainerKind kind) {
        return kind.isJetty() ? this != OWN && isThere() : this == OWN;
    }

    private boolean isThere() {
        try {
            Class.forName(jettyHandler, false, Compression.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Switches it on, for whatever can be compressed. */
    WebApp addTo(WebApp app) {
        return app.tomcat(tomcat -> tomcat.getConnector().setProperty("compression", "force"))
                .jetty(server -> server.insertHandler(createHandler()))
                .undertowDeployment(deployment -> deployment.addInitialHandlerChainWrapper(
                        next -> new EncodingHandler(new ContentEncodingRepository()
                                        .addEncodingHandler("gzip", new GzipEncodingProvider(), 50))
                                .setNext(next)));
    }

    private Handler.Singleton createHandler() {
        try {
            return (Handler.Singleton)
                    Class.forName(jettyHandler).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
