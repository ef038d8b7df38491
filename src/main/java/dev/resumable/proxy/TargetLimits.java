// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.Targets.Found;
import dev.resumable.servlet.StallWatch;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How much a server may send that a request has chosen, and for how long: it may be anybody's. Others have no limits. */
final class TargetLimits implements AutoCloseable {

    private final long maxSize;
    private final Duration maxTime;
    private final Runnable timeIsUp;
    private volatile boolean over;
    private @Nullable StallWatch watch;
    private boolean limited;

    /** @param timeIsUp is run once the time is up, on a thread that must not wait */
    TargetLimits(ProxyConfig config, Runnable timeIsUp) {
        this.maxSize = config.targetMaxSize();
        this.maxTime = config.targetMaxTime();
        this.timeIsUp = timeIsUp;
    }

    /** From now on the time runs, if the target has limits. */
    void begin(Found target) {
        limited = target.origin() == Found.Origin.REQUEST;
        if (limited) {
            StallWatch begun = new StallWatch(maxTime, () -> {
                over = true;
                timeIsUp.run();
            });
            watch = begun;
            begun.begin();
        }
    }

    /** True if the time is up. */
    boolean isOver() {
        return over;
    }

    /**
     * The content of an answer, which fails where it gets too long.
     *
     * @throws UpstreamException if the answer says already that it is
     */
    InputStream limited(InputStream content, UpstreamResponse head, String method) throws UpstreamException {
        if (!limited || maxSize == 0 || hasNoContent(head, method)) {
            return content;
        }
        if (head.length().orElse(0) > maxSize) {
            throw tooLong();
        }
        return new Counted(content);
    }

    /** Their Content-Length is that of another answer (RFC 9110 §8.6), or none. */
    private static boolean hasNoContent(UpstreamResponse head, String method) {
        return method.equals("HEAD")
                || head.status() == HttpServletResponse.SC_NO_CONTENT
                || head.status() == HttpServletResponse.SC_NOT_MODIFIED;
    }

    private UpstreamException tooLong() {
        return new UpstreamException(ProxyProblem.TOO_LONG, "the answer has more than " + maxSize + " bytes");
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.end();
        }
    }

    /** Also counts what has no length. */
    private final class Counted extends FilterInputStream {

        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int got = super.read(bytes, offset, length);
            count += Math.max(got, 0);
            if (count > maxSize) {
                throw tooLong();
            }
            return got;
        }
    }
}
