// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VaryFieldTest {
    @ParameterizedTest(name = "RFC 9110 §12.5.5: Accept-Encoding added to <{0}> is <{1}>")
    @CsvSource(delimiter = '|', textBlock = """
                    (none)                           | Accept-Encoding
                    ''                               | Accept-Encoding
                    ' , ,'                           | Accept-Encoding
                    Accept-Encoding                  | Accept-Encoding
                    accept-encoding                  | accept-encoding
                    Origin                           | Origin, Accept-Encoding
                    Cookie⏎Accept-Language           | Cookie, Accept-Language, Accept-Encoding
                    Accept-Encoding⏎ACCEPT-ENCODING  | Accept-Encoding
                    Accept-Encoding , Origin         | Accept-Encoding, Origin
                    X-Accept-Encoding                | X-Accept-Encoding, Accept-Encoding
                    *                                | *
                    Origin, *                        | *
                    Origin⏎*                         | *
                    """)
    void namesTheFieldOnce(String lines, String value) {
        assertThat(VaryField.naming("Accept-Encoding", FieldText.lines(lines))).isEqualTo(value);
    }
}
