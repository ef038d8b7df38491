// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.metrics.TransferEvents;
import dev.resumable.proxy.ResumePlan.Different;
import dev.resumable.proxy.ResumePlan.GoOn;
import dev.resumable.proxy.ResumePlan.Later;
import dev.resumable.proxy.ResumePlan.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Content that goes on by a range request when the upstream server breaks it (RFC 9110 §14.2, §13.1.5).
 *
 * <p>Only bytes that are certainly the next ones are given: same strong tag, same total, same coding, exact start. Where that
 * cannot be had the original failure is thrown, and the client sees a broken answer.
 */
final class ResumingBody extends InputStream {

    private static final Logger LOG = System.getLogger(ResumingBody.class.getName());
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** Whatever the progress: a server that gives a byte per request is not worth it. */
    private static final int MOST_RESUMES = 1_000;

    private static final int SKIP_BUFFER = 64 * 1024;

    private final ResumePlan plan;
    private final UpstreamRequest request;
    private final Function<UpstreamRequest, Optional<Upstream.Call>> caller;
    private final CountDownLatch unwanted;
    private final TransferEvents events;
    private final int tries;
    private final Duration delay;
    private Upstream.Call call;
    private long received;
    private int triesWithoutProgress;
    private int resumes;
    private boolean endsWithCall = true;

    /**
     * @param caller makes a call, unless nobody wants it any more
     * @param unwanted opens when that is so, and ends a wait
     */
    ResumingBody(
            ResumePlan plan,
            UpstreamRequest request,
            Upstream.Call first,
            Function<UpstreamRequest, Optional<Upstream.Call>> caller,
            CountDownLatch unwanted,
            ProxyConfig config,
            TransferEvents events) {
        this.plan = plan;
        this.request = request;
        this.call = first;
        this.caller = caller;
        this.unwanted = unwanted;
        this.tries = config.resumeTries();
        this.delay = config.resumeDelay();
        this.events = events;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        while (received < plan.range().length()) {
            int most = (int) Math.min(count, plan.range().length() - received);
            UpstreamException failure;
            try {
                int got = call.content().read(bytes, offset, most);
                if (got >= 0) {
                    received += got;
                    triesWithoutProgress = got > 0 ? 0 : triesWithoutProgress;
                    return got;
                }
                failure = new UpstreamException(ProxyProblem.BAD_ANSWER, "the server sent less than was asked");
            } catch (UpstreamException e) {
                failure = e;
            }
            resume(failure);
        }
        return endOfCall(bytes, offset);
    }

    /** Lets the call see the end of its content, so that its connection can be used again. */
    private int endOfCall(byte[] bytes, int offset) {
        if (endsWithCall) {
            try {
                call.content().read(bytes, offset, 1);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a connection failed after its last byte: {0}", e.toString());
            }
        }
        return -1;
    }

    /** Opens a call whose content goes on where the last one broke, or throws why that one did. */
    private void resume(UpstreamException failure) throws IOException {
        call.cancel();
        Duration wait = Duration.ZERO;
        while (triesWithoutProgress++ < tries && resumes++ < MOST_RESUMES) {
            pause(wait, failure);
            Optional<Upstream.Call> next = caller.apply(plan.ask(request, received));
            if (next.isEmpty()) {
                break;
            }
            call = next.get();
            Verdict verdict = ask();
            if (verdict instanceof GoOn goOn) {
                endsWithCall = goOn.skip() == 0;
                LOG.log(Level.DEBUG, "resumed at byte {0} after {1}", received, failure.toString());
                events.upstreamResumed(received);
                return;
            }
            call.cancel();
            wait = nextWait(wait, verdict);
            if (verdict instanceof Different || wait.compareTo(LONGEST_WAIT) > 0) {
                break;
            }
        }
        events.upstreamBroken(received);
        throw failure;
    }

    private Verdict ask() throws IOException {
        try {
            Verdict verdict = plan.judge(call.open(), received);
            if (verdict instanceof GoOn goOn) {
                skip(call.content(), goOn.skip());
            }
            return verdict;
        } catch (UpstreamException e) {
            return new Later(Optional.empty());
        }
    }

    private static void skip(InputStream content, long count) throws IOException {
        byte[] buffer = new byte[count == 0 ? 0 : SKIP_BUFFER];
        for (long left = count; left > 0; ) {
            int got = content.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (got < 0) {
                throw new UpstreamException(ProxyProblem.BAD_ANSWER, "the server sent less than it said");
            }
            left -= got;
        }
    }

    /** The server's own word, else the double of the last wait. */
    private Duration nextWait(Duration last, Verdict verdict) {
        if (verdict instanceof Later later && later.retryAfter().isPresent()) {
            return later.retryAfter().get();
        }
        Duration next = last.isZero() ? delay : last.multipliedBy(2);
        return next.compareTo(LONGEST_WAIT) < 0 ? next : LONGEST_WAIT;
    }

    /** Waits, but not for what nobody wants any more. */
    private void pause(Duration time, UpstreamException failure) throws UpstreamException {
        try {
            // The caller knows it too.
            boolean unused = unwanted.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }
}
