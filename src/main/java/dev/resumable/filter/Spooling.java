// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.Representation;
import dev.resumable.http.EntityTag;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * A body that is kept until it is complete, since only then its length and its tag are known.
 *
 * <p>Where it grows past a limit or cannot be kept any more, nothing was sent yet: it gives up and passes through.
 */
final class Spooling implements ResponseBody {

    private final Spool spool;
    private final RangeExchange exchange;

    Spooling(Spool spool, RangeExchange exchange) {
        this.spool = spool;
        this.exchange = exchange;
    }

    @Override
    public ResponseBody write(byte[] bytes, int offset, int length) throws IOException {
        if (spool.keep(bytes, offset, length)) {
            return this;
        }
        try (spool) {
            Untouched passing = exchange.passThrough();
            spool.copyTo(exchange.response().below().getOutputStream());
            return passing.write(bytes, offset, length);
        }
    }

    @Override
    public void flush() {
        // Virtual: the client gets the body whole, with its length and its tag.
    }

    @Override
    public void finish() throws IOException {
        try (spool) {
            if (exchange.response().announcesTrailers()) {
                // Trailers need a chunked body, and a chunked body has no ranges.
                exchange.passThrough();
                spool.copyTo(exchange.response().below().getOutputStream());
            } else {
                exchange.answer(representation());
            }
        }
    }

    private Representation representation() {
        Optional<EntityTag> own = exchange.ownStrongTag();
        Optional<Instant> lastModified = exchange.ownLastModified();
        return spool.representation(own, lastModified, exchange.ownContentCoding());
    }

    @Override
    public void abandon() {
        spool.close();
    }
}
