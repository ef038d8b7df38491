// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.chain;

import dev.resumable.filter.chain.Between.Rewritten;
import dev.resumable.testing.Bytes;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;

/** What a filter between ours and a default servlet may do to the requests and responses of a file. */
enum Visitor {
    /** Something behind the body, of which the servlet's length knows nothing. */
    APPENDS((request, response, chain) -> {
        chain.doFilter(request, new WithoutLength(response));
        response.getOutputStream().print("banner");
    }),
    PREPENDS((request, response, chain) -> {
        response.getOutputStream().print("banner");
        chain.doFilter(request, new WithoutLength(response));
    }),
    /** Other bytes, as many as there were; how they change depends on where they are in the body. */
    REWRITES((request, response, chain) -> chain.doFilter(request, new Rewritten(response, new Scrambler()))),
    /** As it says. */
    CODES((request, response, chain) -> {
        response.setHeader("Content-Encoding", "scrambled");
        chain.doFilter(request, new Rewritten(response, new Scrambler()));
    }),
    HIDES_RANGE((request, response, chain) -> chain.doFilter(without("range", request), response)),
    HIDES_DATE((request, response, chain) -> chain.doFilter(without("if-modified-since", request), response)),
    DATES((request, response, chain) -> {
        chain.doFilter(request, new HttpServletResponseWrapper(response) {
            @Override
            public void setHeader(String name, String value) {
                super.setHeader(name, name.equalsIgnoreCase("Last-Modified") ? "Sat, 01 Jan 2022 00:00:00 GMT" : value);
            }

            @Override
            public void setDateHeader(String name, long value) {
                super.setDateHeader(name, name.equalsIgnoreCase("Last-Modified") ? 1_000_000L : value);
            }
        });
    }),
    SENDS_OWN_PART((request, response, chain) -> {
        response.setStatus(206);
        response.setHeader("Content-Range", "bytes 5-9/1000");
        response.setContentLength(5);
        response.getOutputStream().print("other");
    }),
    /** A part of another state under the very fields of the file. */
    FORGES_PART((request, response, chain) -> {
        if (request.getHeader("Range") == null) {
            chain.doFilter(request, response);
            return;
        }
        byte[] other = {1, 2, 3, 4, 5};
        response.setStatus(206);
        response.setHeader("Content-Range", "bytes 5-9/" + OldFiles.length(request.getServletPath()));
        response.setContentLength(5);
        response.setDateHeader("Last-Modified", lastModified(request));
        response.getOutputStream().write(other);
    }),
    SENDS_OWN_WHOLE((request, response, chain) -> {
        response.setContentLength(OldFiles.SMALL / 2);
        response.getOutputStream().write(Bytes.slice(77, OldFiles.SMALL / 2));
    }),
    /** Of a date that nobody knows. */
    SENDS_OWN_304((request, response, chain) -> {
        if (request.getHeader("If-Modified-Since") == null) {
            SENDS_OWN_WHOLE.filter.doFilter(request, response, chain);
            return;
        }
        response.setStatus(304);
        response.setHeader("ETag", "\"own\"");
        response.setHeader("Last-Modified", "Sat, 01 Jan 2022 00:00:00 GMT");
    }),
    ANSWERS_416((request, response, chain) -> {
        if (request.getHeader("Range") == null) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(416);
        response.setHeader("Content-Range", "bytes */3");
    }),
    FORBIDS((request, response, chain) -> response.sendError(403)),
    REDIRECTS((request, response, chain) -> response.sendRedirect("/elsewhere")),
    FAILS((request, response, chain) -> {
        throw new ServletException("on purpose");
    });

    private final Http filter;

    /** A filter of HTTP. */
    @FunctionalInterface
    private interface Http {
        void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws IOException, ServletException;
    }

    Visitor(Http filter) {
        this.filter = filter;
    }

    Filter filter() {
        return (request, response, chain) ->
                filter.doFilter((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private static long lastModified(HttpServletRequest request) throws IOException {
        return request.getServletContext()
                .getResource(request.getServletPath())
                .openConnection()
                .getLastModified();
    }

    private static HttpServletRequest without(String hidden, HttpServletRequest request) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public String getHeader(String name) {
                return name.toLowerCase(Locale.ROOT).equals(hidden) ? null : super.getHeader(name);
            }

            @Override
            public long getDateHeader(String name) {
                return name.toLowerCase(Locale.ROOT).equals(hidden) ? -1 : super.getDateHeader(name);
            }

            @Override
            public Enumeration<String> getHeaders(String name) {
                return name.toLowerCase(Locale.ROOT).equals(hidden)
                        ? Collections.emptyEnumeration()
                        : super.getHeaders(name);
            }
        };
    }

    private static final class Scrambler implements Between.Eye {

        private long position;

        @Override
        public void see(byte[] bytes, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                bytes[i] ^= (byte) (1 + position++ % 7);
            }
        }
    }

    private static final class WithoutLength extends HttpServletResponseWrapper {

        WithoutLength(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return new Between.OpenStream(super.getOutputStream());
        }

        @Override
        public void setContentLengthLong(long length) {
            // It would be too short.
        }

        @Override
        public void setContentLength(int length) {
            // It would be too short.
        }

        @Override
        public void setHeader(String name, String value) {
            if (!name.equalsIgnoreCase("Content-Length")) {
                super.setHeader(name, value);
            }
        }

        @Override
        public void addHeader(String name, String value) {
            if (!name.equalsIgnoreCase("Content-Length")) {
                super.addHeader(name, value);
            }
        }

        @Override
        public void setIntHeader(String name, int value) {
            if (!name.equalsIgnoreCase("Content-Length")) {
                super.setIntHeader(name, value);
            }
        }
    }
}
