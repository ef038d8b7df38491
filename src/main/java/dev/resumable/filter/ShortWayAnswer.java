// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.NeededBytes;
import dev.resumable.content.SelectingStream;
import dev.resumable.filter.ChainVerdicts.Verdict;
import dev.resumable.http.ByteRange;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.ContentRange;
import dev.resumable.http.IfRange;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What becomes of the answer that the chain has given to the field of a {@link ShortWay}.
 *
 * <p>If it is what the default servlet alone says of this very file, it becomes ours, with our validators. A 200 and an error are
 * answers to anything, and all goes on as if nothing had been shown. Any other answer to that field is none of the file: it
 * passes as it was made, unless the client relies on the state that it has named.
 */
final class ShortWayAnswer {

    private final ShortWay way;
    private final ContentRequest asked;
    private final ObservedResponse response;
    private final NegotiatedAnswer answer;

    ShortWayAnswer(ShortWay way, ContentRequest asked, ObservedResponse response, NegotiatedAnswer answer) {
        this.way = way;
        this.asked = asked;
        this.response = response;
        this.answer = answer;
    }

    /**
     * The body of our answer; empty if what came is to be looked at as any other response.
     *
     * @throws IOException if it is no answer to what the client has asked
     */
    Optional<ResponseBody> body() throws IOException {
        if (response.below().isCommitted() || !isAnswered()) {
            return Optional.empty();
        }
        if (way.isOpen() && !response.announcesTrailers()) {
            if (way.needed() instanceof NeededBytes.OneRange one && isPart(one.range())) {
                return part(one.range());
            }
            if (way.needed() instanceof NeededBytes.None && isNotModified()) {
                return answer.receive(way.file()).map(nothing -> new Selecting(nothing, 0, way.file()::requireCurrent));
            }
        }
        way.chainFile().tell(Verdict.CHANGED);
        if (isHeldToState()) {
            // One container would leave its Content-Range on the error page.
            response.below().reset();
            throw new IOException("what came in place of a file is no answer to the request");
        }
        return Optional.empty();
    }

    /** Also what was cut and then called a 200. */
    private boolean isAnswered() {
        boolean cut = way.isSeen()
                && way.needed() instanceof NeededBytes.OneRange
                && response.containsHeader("Content-Range");
        return cut || way.isAnsweredBy(response.getStatus());
    }

    /** True for the 304 of a file; one with a body has got that from who does not know what a 304 is of. */
    private boolean isNotModified() {
        OwnFields own = response.own();
        return own.lastModified().map(way.chainFile().modified()::equals).orElse(true)
                && own.strongTag().isEmpty()
                && own.contentCoding().isEmpty()
                && !response.hasTakenBytes();
    }

    private boolean isPart(ByteRange range) {
        OptionalLong declared = response.held().declaredLength();
        return response.getStatus() == HttpServletResponse.SC_PARTIAL_CONTENT
                && isRange(response.lines("Content-Range"), range)
                && declared.orElse(range.length()) == range.length()
                && !response.lengthCameLate()
                && way.chainFile().isDescribedBy(response.own())
                && Eligibility.isOnePart(response)
                && !answer.mayBeCoded(way.file());
    }

    private boolean isRange(List<String> lines, ByteRange range) {
        return lines.size() == 1
                && ContentRange.parse(lines.get(0))
                        .filter(ContentRange.satisfied(range, way.file().length())::equals)
                        .isPresent();
    }

    private Optional<ResponseBody> part(ByteRange range) throws IOException {
        Optional<SelectingStream> selected = answer.receive(way.file());
        selected.ifPresent(stream -> stream.beginAt(range.first()));
        return selected.map(
                stream -> new Selecting(stream, range.length(), ComparedFile.part(way.chainFile(), way.file(), range)));
    }

    /** True if the client adds to bytes that it has, or acts on a state: it must not take another one's answer for that. */
    private boolean isHeldToState() {
        ConditionalRequest conditions = asked.conditions();
        return way.needed() instanceof NeededBytes.None none
                ? none.status() != HttpServletResponse.SC_NOT_MODIFIED
                : !(conditions.ifRange() instanceof IfRange.Absent)
                        || conditions.ifMatch().isPresent()
                        || conditions.ifUnmodifiedSince().isPresent();
    }
}
