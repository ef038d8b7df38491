// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.content.ContentRequest;
import dev.resumable.content.ContentRequest.AcceptedCodings;
import dev.resumable.filter.Negotiation.Form;
import dev.resumable.http.AcceptEncodingField;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.EntityTag;
import dev.resumable.http.RangeField;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.Validators;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields in, form out: the two forms have the tags "id" (also known as "meta") and "gz". */
@DisplayName("the choice of a form")
final class NegotiationTest {

    private static final Validators IDENTITY = new Validators(
            java.util.Optional.of(EntityTag.strong("id")),
            List.of(EntityTag.strong("meta")),
            java.util.Optional.empty());
    private static final Validators GZIP = Validators.of(EntityTag.strong("gz"));

    /** Fields as {@code Name: value}, joined by a broken bar. */
    private static Negotiation asked(String method, String fields) {
        Map<String, List<String>> lines = Stream.of(fields.split("¦", -1))
                .map(line -> line.split(": ", 2))
                .collect(Collectors.groupingBy(
                        line -> line[0].strip(),
                        () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                        Collectors.mapping(line -> line[1].strip(), Collectors.toList())));
        return new Negotiation(new ContentRequest(
                RequestMethod.of(method),
                ConditionalRequest.parse(name -> lines.getOrDefault(name, List.of())),
                RangeField.parse(lines.getOrDefault("Range", List.of())),
                Set.of(),
                AcceptedCodings.SOME,
                AcceptEncodingField.parse(lines.getOrDefault("Accept-Encoding", List.of()))));
    }

    @ParameterizedTest(name = "RFC 9110 §12.5.3: <{0}> is answered with {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    Host: any                                      | IDENTITY
                    Accept-Encoding: br                            | IDENTITY
                    Accept-Encoding: gzip                          | GZIP
                    Accept-Encoding: gzip;q=0.5                    | GZIP
                    Accept-Encoding: gzip;q=0                      | IDENTITY
                    Accept-Encoding: gzip;q=0.5, identity;q=0.5    | GZIP
                    Accept-Encoding: gzip;q=0.4, identity;q=0.5    | IDENTITY
                    Accept-Encoding: identity;q=0, gzip;q=0.1      | GZIP
                    Accept-Encoding: *                             | GZIP
                    Accept-Encoding: *;q=0                         | IDENTITY
                    Accept-Encoding: gzip ¦ Range: bytes=0-0       | GZIP
                    Accept-Encoding: br ¦ Range: bytes=0-0         | IDENTITY
                    """)
    void byPreference(String fields, Form expected) {
        assertThat(asked("GET", fields).choose(IDENTITY, GZIP)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "RFC 9110 §13: <{0}> of a client that prefers gzip is answered with {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Range: bytes=0-0 ¦ If-Range: "id"              | IDENTITY
                    Range: bytes=0-0 ¦ If-Range: "meta"            | IDENTITY
                    Range: bytes=0-0 ¦ If-Range: "gz"              | GZIP
                    Range: bytes=0-0 ¦ If-Range: "other"           | GZIP
                    Range: bytes=0-0 ¦ If-Range: W/"id"            | GZIP
                    Range: bytes=0-0 ¦ If-Range: x                 | GZIP
                    Range: bytes=0-0 ¦ If-Range: Sun, 06 Nov 1994 08:49:37 GMT | GZIP
                    If-Range: "id"                                 | GZIP
                    Range: lines=0-0 ¦ If-Range: "id"              | GZIP
                    If-Match: "id"                                 | IDENTITY
                    If-Match: "gz"                                 | GZIP
                    If-Match: "gz", "id"                           | GZIP
                    If-Match: "other", "id"                        | IDENTITY
                    If-Match: W/"id"                               | GZIP
                    If-Match: *                                    | GZIP
                    If-Match: "other"                              | GZIP
                    If-None-Match: "id"                            | IDENTITY
                    If-None-Match: W/"id"                          | IDENTITY
                    If-None-Match: "gz"                            | GZIP
                    If-None-Match: "id", "gz"                      | GZIP
                    If-None-Match: "other", W/"meta"               | IDENTITY
                    If-None-Match: *                               | GZIP
                    If-None-Match: "other"                         | GZIP
                    If-None-Match: "other" ¦ Range: bytes=0-0 ¦ If-Range: "id" | IDENTITY
                    If-None-Match: "gz" ¦ Range: bytes=0-0 ¦ If-Range: "id"    | GZIP
                    If-Match: "id" ¦ Range: bytes=0-0 ¦ If-Range: "gz"         | IDENTITY
                    If-Match: "id", "gz" ¦ Range: bytes=0-0 ¦ If-Range: "id"   | IDENTITY
                    """)
    void byTag(String fields, Form expected) {
        Negotiation negotiation = asked("GET", fields + "¦Accept-Encoding: gzip");
        assertThat(negotiation.choose(IDENTITY, GZIP)).isEqualTo(expected);
        if (negotiation.isIdentity(IDENTITY)) {
            assertThat(expected).isEqualTo(Form.IDENTITY);
        }
    }

    @ParameterizedTest(name = "RFC 9110 §12.5.3: <{0}> of a client that likes gzip less is answered with {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Range: bytes=0-0                               | IDENTITY
                    Range: bytes=0-0 ¦ If-Range: "gz"              | GZIP
                    Range: bytes=0-0 ¦ If-Range: "id"              | IDENTITY
                    If-Match: "gz"                                 | GZIP
                    If-None-Match: "gz"                            | GZIP
                    If-None-Match: "id", "gz"                      | IDENTITY
                    """)
    void byTagThoughNotPreferred(String fields, Form expected) {
        Negotiation negotiation = asked("GET", fields + "¦Accept-Encoding: gzip;q=0.5, identity");
        assertThat(negotiation.choose(IDENTITY, GZIP)).isEqualTo(expected);
    }

    @ParameterizedTest(
            name = "RFC 9110 §12.5.3: <{0}> with <{1}> is answered with {2}, the only form that the client takes")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Range: bytes=0-0 ¦ If-Range: "gz"  | Accept-Encoding: br                 | IDENTITY
                    If-Match: "gz"                     | Accept-Encoding: gzip;q=0           | IDENTITY
                    If-None-Match: "gz"                | Host: any                           | IDENTITY
                    Range: bytes=0-0 ¦ If-Range: "id"  | Accept-Encoding: gzip, identity;q=0 | GZIP
                    If-Match: "id"                     | Accept-Encoding: gzip, *;q=0        | GZIP
                    """)
    void neverWhatIsNotAcceptable(String fields, String accepted, Form expected) {
        Negotiation negotiation = asked("GET", fields + "¦" + accepted);
        assertThat(negotiation.choose(IDENTITY, GZIP)).isEqualTo(expected);
        assertThat(negotiation.isIdentity(IDENTITY)).isEqualTo(expected == Form.IDENTITY);
    }

    @ParameterizedTest(name = "RFC 9110 §14.2: {0} ignores Range, and with it If-Range")
    @CsvSource({"HEAD", "OTHER"})
    void rangesAreOfGet(String method) {
        Negotiation negotiation = asked(method, "Range: bytes=0-0¦If-Range: \"id\"¦Accept-Encoding: gzip");
        assertThat(negotiation.choose(IDENTITY, GZIP)).isEqualTo(Form.GZIP);
    }

    @ParameterizedTest(name = "<{0}> needs no gzip bytes to decide: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Host: any                                                       | true
                    Accept-Encoding: gzip                                           | false
                    Accept-Encoding: gzip;q=0.5, identity                           | true
                    Accept-Encoding: gzip;q=0.5, identity ¦ If-None-Match: "gz"     | false
                    Accept-Encoding: gzip ¦ If-None-Match: "id"                     | true
                    Accept-Encoding: gzip ¦ If-None-Match: "id", "other"            | false
                    Accept-Encoding: gzip ¦ If-None-Match: *                        | false
                    Accept-Encoding: gzip ¦ Range: bytes=0-0 ¦ If-Range: "id"       | true
                    Accept-Encoding: gzip ¦ If-Match: "id" ¦ If-None-Match: "other" | false
                    Accept-Encoding: gzip, identity;q=0 ¦ If-None-Match: "id"       | false
                    """)
    void withoutTheOtherForm(String fields, boolean decided) {
        assertThat(asked("GET", fields).isIdentity(IDENTITY)).isEqualTo(decided);
    }
}
