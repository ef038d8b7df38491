// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptFieldTest {
    @ParameterizedTest(name = "RFC 9110 §12.5.1: <{0}> likes {1}/{2} with {3}")
    @CsvSource(delimiter = '|', textBlock = """
                    (none)                                   | text        | html | 1000
                    ''                                       | text        | html | 1000
                    ', ,'                                    | text        | html | 1000
                    */*                                      | text        | html | 1000
                    text/*                                   | text        | html | 1000
                    text/*                                   | image       | png  | 0
                    text/html                                | text        | html | 1000
                    TEXT/Html                                | text        | html | 1000
                    text/html                                | TEXT        | HTML | 1000
                    Text/*                                   | texT        | html | 1000
                    text/html                                | text        | xml  | 0
                    text/html                                | image       | html | 0
                    audio/*;q=0.2, audio/basic               | audio       | basic| 1000
                    audio/*;q=0.2, audio/basic               | audio       | mp3  | 200
                    audio/*; q=0.2, audio/basic              | image       | png  | 0
                    text/html;q=0, */*                       | text        | html | 0
                    */*, text/*;q=0.5, text/html;q=0.1       | text        | html | 100
                    text/html;q=0.1, text/*;q=0.5, */*       | text        | html | 100
                    text/html;q=0.1, text/*;q=0.5, */*       | text        | xml  | 500
                    text/html;q=0.1, text/*;q=0.5, */*       | image       | png  | 1000
                    text/html;q=0.1, text/html;q=0.9         | text        | html | 900
                    text/html;q=0.9, text/html;q=0.1         | text        | html | 900
                    text/html⏎application/json;q=0.5         | application | json | 500
                    text/html;level=1, text/html;q=0.7       | text        | html | 700
                    text/html;q=0.7, text/html;level=1       | text        | html | 700
                    text/html;level=1, */*;q=0.4             | text        | html | 400
                    text/html;level=1                        | text        | html | 0
                    text/html;level="a,b;c", */*;q=0.4       | text        | html | 400
                    text/html;q=0.5;level=1                  | text        | html | 500
                    text/html;q=0.5;q=0.7                    | text        | html | 500
                    application/json;charset=utf-8           | application | json | 1000
                    application/json; Charset="utf-8";q=0.3  | application | json | 300
                    'text/html ; q=0.5 , image/png'          | text        | html | 500
                    text/html;;q=0.5;                        | text        | html | 500
                    text/html;Q=0.5                          | text        | html | 500
                    text/html;q="0.5"                        | text        | html | 500
                    """)
    void theMostSpecificRangeDecides(String lines, String type, String subtype, int quality) {
        assertThat(AcceptField.parse(FieldText.lines(lines)).quality(type, subtype))
                .isEqualTo(quality);
    }

    @ParameterizedTest(name = "RFC 9110 §12.4.2: q={0} is {1} thousandths")
    @CsvSource({
        "0, 0",
        "0., 0",
        "0.0, 0",
        "0.000, 0",
        "0.001, 1",
        "0.01, 10",
        "0.1, 100",
        "0.123, 123",
        "0.999, 999",
        "0.5, 500",
        "0.50, 500",
        "1, 1000",
        "1., 1000",
        "1.0, 1000",
        "1.000, 1000"
    })
    void readsWeights(String weight, int quality) {
        AcceptField field = AcceptField.parse(FieldText.lines("a/b;q=" + weight));
        assertThat(field.quality("a", "b")).isEqualTo(quality);
        assertThat(field.quality("a", "c")).isZero();
    }

    @ParameterizedTest(name = "RFC 9110 §12.5.1: <{0}> is not well-formed, so everything is accepted")
    @ValueSource(
            strings = {
                "text",
                "text/",
                "/html",
                "/",
                "*",
                "*/html",
                "text//html",
                "text/html/x",
                "text html",
                "text /html",
                "text/ html",
                "text/html x",
                "text/html, ;q=1",
                "text/html;q",
                "text/html;q=",
                "text/html;q =0.5",
                "text/html;q= 0.5",
                "text/html;q=2",
                "text/html;q=1.1",
                "text/html;q=1.001",
                "text/html;q=0.1234",
                "text/html;q=00",
                "text/html;q=.5",
                "text/html;q=-0.5",
                "text/html;q=+0.5",
                "text/html;q=0.5x",
                "text/html;q=0,5",
                "text/html;level",
                "text/html;level=",
                "text/html;level=\"1",
                "text/html;=1",
                "text/html;q=0.5;level",
                "(text/html)"
            })
    void acceptsEverythingIfMalformed(String line) {
        AcceptField field = AcceptField.parse(FieldText.lines(line));
        assertThat(field.quality("image", "png")).isEqualTo(1000);
    }
}
