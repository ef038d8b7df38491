// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import dev.resumable.filter.FilteredApp;
import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.Silence;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;

/** What is out of memory in mid-body has lost bytes, whatever the application makes of it. */
@DisplayName("an Error in the middle of a write, which the application swallows")
final class SwallowedErrorTest {

    private static final String ARMED = "armed";

    /** Fails once when it is asked for its type, as it is when a body is decided. */
    private static final class Failing extends HttpServletResponseWrapper {

        private final HttpServletRequest request;

        Failing(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public String getContentType() {
            if (request.getAttribute(ARMED) != null) {
                request.removeAttribute(ARMED);
                throw new OutOfMemoryError("on purpose");
            }
            return super.getContentType();
        }
    }

    private static void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ServletOutputStream out = response.getOutputStream();
        out.write(Bytes.slice(0, 1_000));
        request.setAttribute(ARMED, true);
        try {
            out.write(Bytes.slice(1_000, 300_000));
        } catch (OutOfMemoryError e) {
            // As an application does that catches all.
        }
        try {
            out.write(Bytes.slice(301_000, 1_000));
        } catch (IOException e) {
            // As before.
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("leaves no body that looks complete")
    void swallowed(ContainerKind kind) throws IOException {
        FilterEntry outer = FilterEntry.of(
                        "failing",
                        (request, response, chain) -> chain.doFilter(
                                request, new Failing((HttpServletRequest) request, (HttpServletResponse) response)),
                        "/*")
                .async();
        try (EmbeddedContainer container =
                        kind.start(FilteredApp.behind(outer, new RangeServletFilter(RangeConfig.defaults()))
                                .servlet("/x", SwallowedErrorTest::service)
                                .app());
                Silence silence = Silence.begin()) {
            Outcome.of(container.port(), RawRequest.get("/x")).assertFailed("/x");
        }
    }
}
