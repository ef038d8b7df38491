// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.EntityTag;
import dev.resumable.http.HttpDate;
import dev.resumable.http.IfRange;
import dev.resumable.http.Preconditions;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.TagCondition;
import dev.resumable.http.Validators;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The laws of {@link EntityTag}, {@link TagCondition}, {@link IfRange}, {@link ConditionalRequest} and
 * {@link Preconditions}.
 *
 * <p>The input is lines {@code Name: value}, as {@link RequestInput} reads them. Tags and lists are read exactly where a
 * regular expression of the grammar matches; writing and reading again gives the same; the decision is the one that
 * RFC 9110 §13.2.2 comes to when it is written down as a chain of ifs.
 */
final class ConditionLaws {
    private static final String TAG = "(?:W/)?+\"[\\x21\\x23-\\x7E\\x80-\\xFF]*+\"";
    private static final Pattern ONE_TAG = Pattern.compile("[ \\t]*+" + TAG + "[ \\t]*+");
    private static final Pattern LIST = Pattern.compile("[ \\t,]*+(?:" + TAG + "[ \\t]*+(?:,[ \\t,]*+|$))*+");
    private static final Pattern STAR = Pattern.compile("[ \\t]*+\\*[ \\t]*+");

    private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant NOW = Instant.parse("2026-02-02T03:04:05Z");
    private static final List<Validators> STATES = List.of(
            Validators.none(),
            Validators.of(EntityTag.strong("a")),
            Validators.of(EntityTag.weak("a"), CHANGED),
            Validators.of(EntityTag.strong("b,"), CHANGED),
            Validators.of(Optional.empty(), Optional.of(CHANGED)),
            new Validators(Optional.of(EntityTag.strong("c")), List.of(EntityTag.strong("a")), Optional.of(CHANGED)));

    private ConditionLaws() {}

    static void check(byte[] input) {
        RequestInput request = RequestInput.of(input);
        checkTags(request.lines("If-Match"));
        checkTags(request.lines("If-None-Match"));
        checkIfRange(request.lines("If-Range"));
        ConditionalRequest conditions = ConditionalRequest.parse(request::lines);
        for (Validators current : STATES) {
            for (RequestMethod method : RequestMethod.values()) {
                assertThat(Preconditions.evaluate(conditions, current, method).getClass())
                        .isEqualTo(expected(request, conditions, current, method));
            }
        }
    }

    private static void checkTags(List<String> lines) {
        String value = String.join(", ", lines);
        TagCondition read = TagCondition.parse(lines);
        if (lines.isEmpty()) {
            assertThat(read).isEqualTo(new TagCondition.Absent());
        } else if (STAR.matcher(value).matches()) {
            assertThat(read).isEqualTo(new TagCondition.Any());
        } else if (LIST.matcher(value).matches()) {
            assertThat(read).isInstanceOfSatisfying(TagCondition.Listed.class, ConditionLaws::checkList);
        } else {
            assertThat(read).isEqualTo(new TagCondition.Unusable());
        }
        Optional<EntityTag> single = EntityTag.parse(value);
        assertThat(single.isPresent()).isEqualTo(ONE_TAG.matcher(value).matches());
        single.ifPresent(tag -> assertThat(tag.toString()).isEqualTo(withoutSpace(value)));
    }

    private static void checkList(TagCondition.Listed list) {
        String written = list.tags().stream().map(EntityTag::toString).collect(Collectors.joining(","));
        assertThat(TagCondition.parse(List.of(written))).isEqualTo(list);
        for (EntityTag tag : list.tags()) {
            assertThat(EntityTag.parse(tag.toString())).contains(tag);
            Validators itself = Validators.of(tag);
            assertThat(list.matchesWeakly(itself)).isTrue();
            assertThat(list.matchesStrongly(itself))
                    .isEqualTo(tag.isStrong() && list.tags().contains(tag));
        }
        for (Validators current : STATES) {
            assertThat(list.matchesStrongly(current) && !list.matchesWeakly(current))
                    .isFalse();
        }
    }

    private static void checkIfRange(List<String> lines) {
        String value = String.join(", ", lines);
        IfRange read = IfRange.parse(lines);
        Optional<Instant> date = HttpDate.parse(value);
        if (lines.isEmpty()) {
            assertThat(read).isEqualTo(new IfRange.Absent());
        } else if (ONE_TAG.matcher(value).matches()) {
            EntityTag tag = EntityTag.parse(value).orElseThrow();
            assertThat(read).isEqualTo(new IfRange.Tag(tag));
            assertThat(read.holds(Validators.of(tag), NOW)).isEqualTo(tag.isStrong());
        } else if (date.isPresent()) {
            assertThat(read).isEqualTo(new IfRange.Date(date.get()));
        } else {
            assertThat(read).isEqualTo(new IfRange.Unusable());
            STATES.forEach(current ->
                    assertThat(read.holds(current, NOW)).as("unusable").isFalse());
        }
    }

    private static Class<? extends Preconditions> expected(
            RequestInput request, ConditionalRequest conditions, Validators current, RequestMethod method) {
        boolean retrieves = method == RequestMethod.GET || method == RequestMethod.HEAD;
        Optional<Instant> changed = current.lastModified();
        if (!request.lines("If-Match").isEmpty()) {
            if (!conditions.ifMatch().matchesStrongly(current)) {
                return Preconditions.Failed.class;
            }
        } else {
            Optional<Instant> limit = onlyDate(request.lines("If-Unmodified-Since"));
            if (limit.isPresent() && changed.isPresent() && changed.get().isAfter(limit.get())) {
                return Preconditions.Failed.class;
            }
        }
        if (!request.lines("If-None-Match").isEmpty()) {
            if (conditions.ifNoneMatch().matchesWeakly(current)) {
                return retrieves ? Preconditions.NotModified.class : Preconditions.Failed.class;
            }
        } else if (retrieves) {
            Optional<Instant> limit = onlyDate(request.lines("If-Modified-Since"));
            if (limit.isPresent() && changed.isPresent() && !changed.get().isAfter(limit.get())) {
                return Preconditions.NotModified.class;
            }
        }
        return Preconditions.Proceed.class;
    }

    private static Optional<Instant> onlyDate(List<String> lines) {
        return lines.size() == 1 ? HttpDate.parse(lines.get(0)) : Optional.empty();
    }

    private static String withoutSpace(String value) {
        int from = 0;
        int to = value.length();
        while (value.charAt(from) == ' ' || value.charAt(from) == '\t') {
            from++;
        }
        while (value.charAt(to - 1) == ' ' || value.charAt(to - 1) == '\t') {
            to--;
        }
        return value.substring(from, to);
    }
}
