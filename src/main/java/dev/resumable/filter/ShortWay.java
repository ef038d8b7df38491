// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.FileRepresentation;
import dev.resumable.content.NeededBytes;
import dev.resumable.filter.ChainVerdicts.Verdict;
import dev.resumable.http.ByteRange;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.HttpDate;
import dev.resumable.http.RangeField;
import dev.resumable.http.TagCondition;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A short way of a file through the chain: the container's default servlet is shown one field, so that it need not write a whole
 * file of which the client gets a part, or nothing.
 *
 * <p>What the client gets is decided here beforehand, by the file, as it would be if the whole came. The field that is shown is
 * not the client's: the date of the file where no byte is needed, the one range where that is needed. What becomes of the
 * answer to it is told by {@link ShortWayAnswer}.
 */
final class ShortWay {

    private final ChainFile chainFile;
    private final FileRepresentation file;
    private final NeededBytes needed;
    private final String name;
    private final String value;
    private volatile boolean open = true;
    private volatile boolean seen;

    private ShortWay(ChainFile chainFile, FileRepresentation file, NeededBytes needed) {
        this.chainFile = chainFile;
        this.file = file;
        this.needed = needed;
        if (needed instanceof NeededBytes.OneRange one) {
            ByteRange range = one.range();
            this.name = "Range";
            this.value = "bytes=" + range.first() + '-' + range.last();
        } else {
            this.name = "If-Modified-Since";
            this.value = HttpDate.format(chainFile.modified());
        }
    }

    /** The short way of a request, if its target is a file that has one. */
    static Optional<ShortWay> of(
            Transfers transfers, ContentRequest asked, ExchangeOutcome outcome, HttpServletRequest request) {
        if (request.getDispatcherType() != DispatcherType.REQUEST || !mayNeedLess(asked)) {
            return Optional.empty();
        }
        try {
            Optional<ChainFile> found = transfers
                    .chainFiles()
                    .find(request, asked.codings())
                    .filter(file -> isSentInOneForm(file, transfers) && mayBeShort(file.verdict(), asked));
            Optional<FileRepresentation> file = found.isPresent() ? found.get().representation() : Optional.empty();
            if (file.isEmpty()) {
                return Optional.empty();
            }
            NeededBytes needed = outcome.door(BodyKind.SELECTING).needs(file.get(), asked);
            return isShort(needed, found.get().verdict(), asked)
                    ? Optional.of(new ShortWay(found.get(), file.get(), needed))
                    : Optional.empty();
        } catch (IOException e) {
            // The chain has its own answer to that.
            return Optional.empty();
        }
    }

    private static boolean mayNeedLess(ContentRequest asked) {
        ConditionalRequest conditions = asked.conditions();
        return asked.ranges() instanceof RangeField.Asked
                || conditions.ifNoneMatch().isPresent()
                || conditions.ifModifiedSince().isPresent()
                || conditions.ifMatch().isPresent()
                || conditions.ifUnmodifiedSince().isPresent();
    }

    /** Of a body with two forms the other one may be wanted. */
    private static boolean isSentInOneForm(ChainFile file, Transfers transfers) {
        String contentType = file.found().contentType().orElse(null);
        return !transfers.compression().isWorthIt(contentType)
                && transfers.scope().coversType(contentType);
    }

    /** Asked before the file is read for its tag. */
    private static boolean mayBeShort(Verdict verdict, ContentRequest asked) {
        return verdict == Verdict.UNCHANGED || (verdict == Verdict.UNKNOWN && namesTags(asked));
    }

    /**
     * Of a file that was not seen to come unchanged yet, nothing but a 304 for its own tag is known to be right. A client that
     * names a date may hold what was changed on the way, and must not be told the tag of the file (RFC 9111 §4.3.4).
     */
    private static boolean isShort(NeededBytes needed, Verdict verdict, ContentRequest asked) {
        if (verdict == Verdict.UNCHANGED) {
            return !(needed instanceof NeededBytes.Others);
        }
        return verdict == Verdict.UNKNOWN
                && namesTags(asked)
                && needed instanceof NeededBytes.None none
                && none.status() == HttpServletResponse.SC_NOT_MODIFIED;
    }

    private static boolean namesTags(ContentRequest asked) {
        return asked.conditions().ifNoneMatch() instanceof TagCondition.Listed;
    }

    ChainFile chainFile() {
        return chainFile;
    }

    FileRepresentation file() {
        return file;
    }

    /** What the answer will need of the file. */
    NeededBytes needed() {
        return needed;
    }

    /** The name of the field that is shown. */
    String name() {
        return name;
    }

    /** The lines of a field, as far as it is shown. */
    List<String> shown(String field) {
        if (!field.equalsIgnoreCase(name)) {
            return List.of();
        }
        seen = true;
        return List.of(value);
    }

    /** Shows nothing from here on, since others than the default servlet may come to answer. */
    void close() {
        open = false;
    }

    boolean isOpen() {
        return open;
    }

    /** True once the field was shown to anybody: what comes after that may be an answer to it. */
    boolean isSeen() {
        return seen;
    }

    /** True if this status can only be an answer to the field that was shown. */
    boolean isAnsweredBy(int status) {
        return seen
                && (needed instanceof NeededBytes.OneRange
                        ? status == HttpServletResponse.SC_PARTIAL_CONTENT
                                || status == HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE
                        : status == HttpServletResponse.SC_NOT_MODIFIED);
    }
}
