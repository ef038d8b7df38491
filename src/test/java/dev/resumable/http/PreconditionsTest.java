// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Current state: strong tag "now", last changed 12:00:00. The columns are tags and times; a dash is no field. */
class PreconditionsTest {
    private static final String DAY = "Sun, 06 Nov 1994 ";
    private static final Instant NOON = Instant.parse("1994-11-06T12:00:00Z");
    private static final Validators CURRENT = Validators.of(EntityTag.strong("now"), NOON);

    @ParameterizedTest(name = "RFC 9110 §13.2.2: {0} IM {1} IUS {2} INM {3} IMS {4}: {5}")
    @CsvSource(delimiter = '|', textBlock = """
                    # no condition
                    GET   | -        | -        | -        | -        | Proceed
                    HEAD  | -        | -        | -        | -        | Proceed
                    OTHER | -        | -        | -        | -        | Proceed
                    # step 1: If-Match, strongly
                    GET   | "now"    | -        | -        | -        | Proceed
                    OTHER | "now"    | -        | -        | -        | Proceed
                    GET   | "a","now"| -        | -        | -        | Proceed
                    GET   | *        | -        | -        | -        | Proceed
                    OTHER | *        | -        | -        | -        | Proceed
                    GET   | "old"    | -        | -        | -        | Failed
                    HEAD  | "old"    | -        | -        | -        | Failed
                    OTHER | "old"    | -        | -        | -        | Failed
                    GET   | W/"now"  | -        | -        | -        | Failed
                    GET   | garbage  | -        | -        | -        | Failed
                    # step 2: If-Unmodified-Since, only without If-Match
                    GET   | -        | 12:00:00 | -        | -        | Proceed
                    GET   | -        | 12:00:01 | -        | -        | Proceed
                    GET   | -        | 11:59:59 | -        | -        | Failed
                    HEAD  | -        | 11:59:59 | -        | -        | Failed
                    OTHER | -        | 11:59:59 | -        | -        | Failed
                    GET   | "now"    | 11:59:59 | -        | -        | Proceed
                    GET   | "old"    | 12:00:01 | -        | -        | Failed
                    GET   | garbage  | 12:00:00 | -        | -        | Failed
                    GET   | -        | garbage  | -        | -        | Proceed
                    # step 3: If-None-Match, weakly
                    GET   | -        | -        | "old"    | -        | Proceed
                    OTHER | -        | -        | "old"    | -        | Proceed
                    GET   | -        | -        | "now"    | -        | NotModified
                    HEAD  | -        | -        | "now"    | -        | NotModified
                    OTHER | -        | -        | "now"    | -        | Failed
                    GET   | -        | -        | W/"now"  | -        | NotModified
                    GET   | -        | -        | "a","now"| -        | NotModified
                    GET   | -        | -        | *        | -        | NotModified
                    HEAD  | -        | -        | *        | -        | NotModified
                    OTHER | -        | -        | *        | -        | Failed
                    GET   | -        | -        | garbage  | -        | Proceed
                    # step 4: If-Modified-Since, only without If-None-Match and for GET and HEAD
                    GET   | -        | -        | -        | 12:00:00 | NotModified
                    HEAD  | -        | -        | -        | 12:00:00 | NotModified
                    GET   | -        | -        | -        | 12:00:01 | NotModified
                    GET   | -        | -        | -        | 11:59:59 | Proceed
                    HEAD  | -        | -        | -        | 11:59:59 | Proceed
                    OTHER | -        | -        | -        | 12:00:00 | Proceed
                    GET   | -        | -        | "old"    | 12:00:00 | Proceed
                    GET   | -        | -        | "now"    | 11:59:59 | NotModified
                    GET   | -        | -        | garbage  | 12:00:00 | Proceed
                    OTHER | -        | -        | garbage  | -        | Proceed
                    GET   | -        | -        | -        | garbage  | Proceed
                    # both questions: the first decides before the second
                    GET   | "now"    | -        | "now"    | -        | NotModified
                    GET   | "old"    | -        | "now"    | -        | Failed
                    GET   | "now"    | -        | "old"    | -        | Proceed
                    OTHER | "now"    | -        | "now"    | -        | Failed
                    GET   | -        | 12:00:00 | -        | 12:00:00 | NotModified
                    GET   | -        | 11:59:59 | -        | 12:00:00 | Failed
                    GET   | -        | 11:59:59 | "now"    | -        | Failed
                    GET   | "now"    | 11:59:59 | "old"    | 12:00:00 | Proceed
                    """)
    void followsTheOrder(
            RequestMethod method,
            String ifMatch,
            String ifUnmodifiedSince,
            String ifNoneMatch,
            String ifModifiedSince,
            String decision) {
        ConditionalRequest request = request(Map.of(
                "If-Match", tags(ifMatch),
                "If-Unmodified-Since", date(ifUnmodifiedSince),
                "If-None-Match", tags(ifNoneMatch),
                "If-Modified-Since", date(ifModifiedSince)));
        assertThat(decided(request, CURRENT, method)).isEqualTo(decision);
    }

    @ParameterizedTest(name = "RFC 9110 §13.1: without validators {0}: {1} gets {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    If-Match            | "now"    | Failed
                    If-Match            | *        | Proceed
                    If-None-Match       | "now"    | Proceed
                    If-None-Match       | *        | NotModified
                    If-Modified-Since   | Sun, 06 Nov 1994 12:00:00 GMT | Proceed
                    If-Unmodified-Since | Sun, 06 Nov 1994 12:00:00 GMT | Proceed
                    """)
    void datesAreIgnoredWithoutATimeOfChange(String field, String value, String decision) {
        ConditionalRequest request = request(Map.of(field, List.of(value)));
        assertThat(decided(request, Validators.none(), RequestMethod.GET)).isEqualTo(decision);
    }

    @Test
    void everyTagOfTheStateCounts() {
        Validators current = new Validators(
                Optional.of(EntityTag.strong("content")), List.of(EntityTag.strong("metadata")), Optional.empty());
        List<String> metadata = List.of("\"metadata\"");
        assertThat(decided(request(Map.of("If-Match", metadata)), current, RequestMethod.GET))
                .isEqualTo("Proceed");
        assertThat(decided(request(Map.of("If-None-Match", metadata)), current, RequestMethod.GET))
                .isEqualTo("NotModified");
    }

    @Test
    void anIfRangeDoesNotTakePart() {
        ConditionalRequest request = request(Map.of("If-Range", List.of("\"old\"")));
        assertThat(decided(request, CURRENT, RequestMethod.GET)).isEqualTo("Proceed");
    }

    private static String decided(ConditionalRequest request, Validators current, RequestMethod method) {
        return Preconditions.evaluate(request, current, method).getClass().getSimpleName();
    }

    private static ConditionalRequest request(Map<String, List<String>> fields) {
        return ConditionalRequest.parse(name -> fields.getOrDefault(name, List.of()));
    }

    private static List<String> tags(String cell) {
        return cell.equals("-") ? List.of() : List.of(cell);
    }

    private static List<String> date(String cell) {
        return cell.equals("-") ? List.of() : List.of(DAY + cell + " GMT");
    }
}
