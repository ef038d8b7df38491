// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * What can be given in code only: functions, each with a default that changes nothing. They are called by many threads.
 *
 * @param chooser chooses the base URL of each request; empty for one {@code target} after the other
 * @param rewriteRequest changes the request before it is sent
 * @param rewriteResponse changes the head of the response before it is passed on
 * @param errorHandler answers where there is no response to pass on
 * @param sslContext what https upstreams are checked with; empty for the default of the platform
 */
public record ProxyHooks(
        Optional<TargetChooser> chooser,
        RequestRewrite rewriteRequest,
        ResponseRewrite rewriteResponse,
        ErrorHandler errorHandler,
        Optional<SSLContext> sslContext) {

    /** Changes a request before it is sent. */
    @FunctionalInterface
    public interface RequestRewrite {

        /**
         * Gives the request to send: the outgoing one, whose fields may be changed, or another. It is complete but for framing:
         * fields of the connection are gone, those about the client are there.
         */
        UpstreamRequest rewrite(HttpServletRequest incoming, UpstreamRequest outgoing);
    }

    /** Changes a response before it is passed on. */
    @FunctionalInterface
    public interface ResponseRewrite {

        /** Gives the head to pass on. What describes the content (its coding, range and tag) should stay, since it is not changed. */
        UpstreamResponse rewrite(HttpServletRequest incoming, UpstreamResponse answer);
    }

    /** Answers where there is no response to pass on. */
    @FunctionalInterface
    public interface ErrorHandler {

        /** Answers; the response is not committed. Status and fields of {@link ProxyProblem} are set already. */
        void handle(HttpServletRequest request, HttpServletResponse response, ProxyProblem problem) throws IOException;
    }

    /** None. */
    public static ProxyHooks none() {
        return new ProxyHooks(
                Optional.empty(),
                (incoming, outgoing) -> outgoing,
                (incoming, answer) -> answer,
                ProblemAnswer::write,
                Optional.empty());
    }

    /** These with another {@link #chooser()}. */
    public ProxyHooks withChooser(TargetChooser value) {
        return new ProxyHooks(Optional.of(value), rewriteRequest, rewriteResponse, errorHandler, sslContext);
    }

    /** These with another {@link #rewriteRequest()}. */
    public ProxyHooks withRewriteRequest(RequestRewrite value) {
        return new ProxyHooks(chooser, value, rewriteResponse, errorHandler, sslContext);
    }

    /** These with another {@link #rewriteResponse()}. */
    public ProxyHooks withRewriteResponse(ResponseRewrite value) {
        return new ProxyHooks(chooser, rewriteRequest, value, errorHandler, sslContext);
    }

    /** These with another {@link #errorHandler()}. */
    public ProxyHooks withErrorHandler(ErrorHandler value) {
        return new ProxyHooks(chooser, rewriteRequest, rewriteResponse, value, sslContext);
    }

    /** These with another {@link #sslContext()}. */
    public ProxyHooks withSslContext(SSLContext value) {
        return new ProxyHooks(chooser, rewriteRequest, rewriteResponse, errorHandler, Optional.of(value));
    }
}
