// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.files.RequestPath.Ending;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cutting paths: nothing is dropped, joined or resolved on the way. */
class RequestPathTest {

    static Stream<Arguments> paths() {
        return Stream.of(
                Arguments.of("", List.of(), Ending.NAME),
                Arguments.of("/", List.of(), Ending.SLASH),
                Arguments.of("/a", List.of("a"), Ending.NAME),
                Arguments.of("/a/", List.of("a"), Ending.SLASH),
                Arguments.of("/a/b.txt", List.of("a", "b.txt"), Ending.NAME),
                Arguments.of("//", List.of(""), Ending.SLASH),
                Arguments.of("//a", List.of("", "a"), Ending.NAME),
                Arguments.of("/a//b", List.of("a", "", "b"), Ending.NAME),
                Arguments.of("/a//", List.of("a", ""), Ending.SLASH),
                Arguments.of("/../a", List.of("..", "a"), Ending.NAME),
                Arguments.of("/a/.", List.of("a", "."), Ending.NAME),
                Arguments.of("/a\\b", List.of("a\\b"), Ending.NAME),
                Arguments.of("a", List.of("a"), Ending.NAME));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void isCutAtItsSlashes(String path, List<String> names, Ending ending) {
        assertThat(RequestPath.parse(path)).isEqualTo(new RequestPath(names, ending));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void isWrittenAsItWasRead(String path, List<String> names, Ending ending) {
        // Two paths have a shorter form: the directory itself, and one that came without its first slash.
        String expected = path.isEmpty() ? "/" : path.startsWith("/") ? path : "/" + path;

        assertThat(new RequestPath(names, ending)).hasToString(expected);
    }
}
