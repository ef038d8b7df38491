// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.ProxyConfig.Switch;
import dev.resumable.proxy.Targets.Found;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.OptionalLong;

/** The heads of a request and of its answers as they are passed on: cleaned, told of the client, changed by rules and functions. */
final class PassedHeads {

    private final RunningProxy proxy;
    private final HttpServletRequest request;

    PassedHeads(RunningProxy proxy, HttpServletRequest request) {
        this.proxy = proxy;
        this.request = request;
    }

    /** What Max-Forwards says (RFC 9110 §7.6.2); nothing for methods where it has no meaning, and if it is no number. */
    OptionalLong hopsLeft() {
        boolean looksAtTheWay =
                request.getMethod().equals("OPTIONS") || request.getMethod().equals("TRACE");
        return looksAtTheWay
                ? FieldSection.number(Optional.ofNullable(request.getHeader("Max-Forwards")))
                : OptionalLong.empty();
    }

    /** The request as it goes to the server. */
    UpstreamRequest outgoing(Found target, Optional<RequestBody> body) {
        FieldSection fields = EndToEndFields.ofRequest(request);
        if (body.isEmpty() || request.getProtocol().equals("HTTP/1.0")) {
            // RFC 9110 §10.1.1: without content there is nothing to wait for, and such clients do not wait.
            fields.remove("Expect");
        }
        hopsLeft().ifPresent(hops -> fields.set("Max-Forwards", Long.toString(hops - 1)));
        if (target.origin() == Found.Origin.REQUEST) {
            TargetPolicy.cleanRequest(fields);
        }
        proxy.forwarded().clean(fields);
        proxy.config().requestFields().forEach(rule -> rule.applyTo(fields));
        if (proxy.config().preserveHost() == Switch.ON) {
            ForwardedFields.hostOf(request).ifPresent(host -> fields.set("Host", host));
        }
        if (target.origin() == Found.Origin.DEPLOYER) {
            proxy.forwarded().tellOfClient(fields, request);
        }
        proxy.forwarded().addVia(fields, request);
        UpstreamRequest outgoing = new UpstreamRequest(request.getMethod(), target.uri(), fields);
        UpstreamRequest changed = proxy.config().hooks().rewriteRequest().rewrite(request, outgoing);
        return changed.with(EndToEndFields.ofChangedRequest(changed.fields()));
    }

    /** The fields of an interim response as they go to the client; functions do not see them. */
    FieldSection interim(FieldSection received) {
        FieldSection fields = received.copy();
        proxy.config().responseFields().forEach(rule -> rule.applyTo(fields));
        return EndToEndFields.ofInterim(fields);
    }

    /** The final response as it goes to the client. */
    UpstreamResponse incoming(UpstreamResponse received, Found target) {
        FieldSection fields = received.fields().copy();
        if (target.origin() == Found.Origin.REQUEST) {
            TargetPolicy.cleanResponse(fields);
        } else {
            rewrite(fields, target);
        }
        proxy.config().responseFields().forEach(rule -> rule.applyTo(fields));
        proxy.forwarded().addVia(fields, received.version());
        UpstreamResponse answer =
                new UpstreamResponse(received.version(), received.status(), fields, received.length());
        UpstreamResponse changed = proxy.config().hooks().rewriteResponse().rewrite(request, answer);
        return new UpstreamResponse(
                received.version(),
                changed.status(),
                EndToEndFields.ofChangedResponse(changed.fields()),
                received.length());
    }

    private void rewrite(FieldSection fields, Found target) {
        PublicLocations locations = new PublicLocations(target.base(), target.publicPrefix());
        if (proxy.config().rewriteLocations() == Switch.ON) {
            locations.rewriteLocations(fields);
        }
        if (proxy.config().rewriteCookies() == Switch.ON) {
            locations.rewriteCookies(fields);
        }
    }
}
