// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.content.ContentBody.Slice;
import dev.resumable.servlet.Container;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Leaves a range of a file to Tomcat, which sends it with the system call of that name after all filters have returned.
 *
 * <p>By request attributes that Tomcat documents for any servlet. It sends the bytes whatever the method and the status are,
 * so they are set for a GET with content alone. It opens the file by its name, and nobody can look then whether it was changed
 * in the meantime; so only files go this way to which nothing has happened for long.
 */
final class Sendfile implements BodySender {

    /** Below, the detour costs more than the copy it saves; Tomcat's own servlet has the same bound. */
    private static final long WORTH_IT = 48L << 10;

    private static final Set<DispatcherType> ALONE = EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD);

    private static final String SUPPORT = "org.apache.tomcat.sendfile.support";
    private static final String FILENAME = "org.apache.tomcat.sendfile.filename";
    private static final String START = "org.apache.tomcat.sendfile.start";
    private static final String END = "org.apache.tomcat.sendfile.end";

    private final Delivery delivery;
    private final Path path;
    private final ContentBody body;
    private final OpenAnswer answer;

    Sendfile(Delivery delivery, Path path, ContentBody body, OpenAnswer answer) {
        this.delivery = delivery;
        this.path = path;
        this.body = body;
        this.answer = answer;
    }

    /**
     * The file of a body that can go this way, else empty.
     *
     * @param after for how long it must have stood still
     * @throws StaleFileException if the file is no longer what the representation describes
     */
    static Optional<Path> path(Delivery delivery, Representation representation, ContentBody body, Duration after)
            throws IOException {
        boolean possible = body.length() >= WORTH_IT
                && body.segments().size() == 1
                && isInFirstPass(delivery.request())
                && Boolean.TRUE.equals(delivery.request().getAttribute(SUPPORT))
                && Container.of(delivery.response().getOutputStream()) == Container.TOMCAT;
        return possible && representation instanceof FileRepresentation file
                ? file.settledPath(after, Instant.now())
                : Optional.empty();
    }

    /**
     * True in the pass that a request begins with. Over HTTP/1.1 Tomcat looks for a file to send behind that one alone, and behind
     * none that async processing has led to. A page goes on after what it includes, and an error page is not of the file's status.
     */
    private static boolean isInFirstPass(HttpServletRequest request) {
        return ALONE.contains(request.getDispatcherType())
                && !request.isAsyncStarted()
                // Also where what was dispatched to has forwarded.
                && request.getAttribute(AsyncContext.ASYNC_REQUEST_URI) == null;
    }

    @Override
    public void send() throws IOException {
        HttpServletRequest request = delivery.request();
        if (body.segments().get(0) instanceof Slice slice) {
            request.setAttribute(FILENAME, path.toString());
            request.setAttribute(START, slice.range().first());
            request.setAttribute(END, slice.range().last() + 1);
        }
        // Tomcat sends the bytes whatever becomes of the head; so a filter in front must find it on its way already.
        delivery.response().flushBuffer();
        answer.complete();
    }
}
