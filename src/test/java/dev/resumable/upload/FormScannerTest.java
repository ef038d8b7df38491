// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.FormScanner.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormScannerTest {

    private static final String FORM = "before\r\n--b\r\nA: 1\r\nB: 2\r\n\r\nx\r\n--\r\n-\r\n\r\n--c--by\r\n"
            + "--b \t\r\n\r\n\r\n--b\r\nC: 3\r\n\r\n\r\r\n\r\n--b--\r\nbehind\r\n--b\r\n";
    private static final List<String> FIELDS = List.of("A: 1\r\nB: 2=x\r\n--\r\n-\r\n\r\n--c--by", "=", "C: 3=\r\r\n");

    /** The fields, as headers and content, of a form that comes in pieces; with an exclamation mark where it is malformed. */
    private static List<String> fields(FormScanner scanner, String... pieces) {
        List<String> fields = new ArrayList<>();
        for (String piece : pieces) {
            byte[] bytes = ("?" + piece).getBytes(StandardCharsets.ISO_8859_1);
            scanner.add(bytes, 1, bytes.length - 1);
            for (Piece next = scanner.next(); !(next instanceof Piece.Wanting); next = scanner.next()) {
                if (next instanceof Piece.Field field) {
                    fields.add(field.headers() + "=");
                } else if (next instanceof Piece.Content content && !fields.isEmpty()) {
                    String more = new String(
                            content.bytes(), content.offset(), content.length(), StandardCharsets.ISO_8859_1);
                    fields.set(fields.size() - 1, fields.get(fields.size() - 1) + more);
                } else if (next instanceof Piece.Malformed) {
                    fields.add("!");
                    return fields;
                }
            }
        }
        return fields;
    }

    @Test
    void fieldsAreTheSameWhereverTheFormIsCut() {
        for (int cut = 0; cut <= FORM.length(); cut++) {
            FormScanner scanner = new FormScanner("b");
            assertThat(fields(scanner, FORM.substring(0, cut), FORM.substring(cut)))
                    .isEqualTo(FIELDS);
            assertThat(scanner.isWhole()).isTrue();
        }
        assertThat(fields(new FormScanner("b"), FORM.split(""))).isEqualTo(FIELDS);
    }

    @Test
    void theFirstDelimiterMayBeTheFirstOfAll() {
        assertThat(fields(new FormScanner("b"), FORM.substring("before\r\n".length())))
                .isEqualTo(FIELDS);
    }

    @Test
    void itIsNotWholeBeforeTheLastDelimiter() {
        FormScanner scanner = new FormScanner("b");
        fields(scanner, "--b\r\n\r\nx\r\n--b-");

        assertThat(scanner.isWhole()).isFalse();
        fields(scanner, "-");
        assertThat(scanner.isWhole()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--b-x\r\n\r\n\r\n", "--bc\r\n\r\n"})
    void whatFollowsADelimiterIsNoText(String form) {
        assertThat(fields(new FormScanner("b"), form)).containsExactly("!");
    }

    @Test
    void headersAreBounded() {
        String most = "A: " + "x".repeat(FormScanner.MAX_HEADERS - 5);

        assertThat(fields(new FormScanner("b"), "--b\r\n" + most, "\r\n\r\n")).containsExactly(most + "=");
        assertThat(fields(new FormScanner("b"), "--b\r\n" + most + "xxxx")).containsExactly("!");
        assertThat(fields(new FormScanner("b"), "--b" + " ".repeat(FormScanner.MAX_HEADERS + 1)))
                .containsExactly("!");
    }
}
