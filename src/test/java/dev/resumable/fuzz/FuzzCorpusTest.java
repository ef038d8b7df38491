// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.CpuTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the library to its laws with every input of the corpus, without a fuzzer; docs/verification.md tells of both. */
@DisplayName("the corpus of the fuzzer")
final class FuzzCorpusTest {
    private static final Path CORPUS = Path.of("src/test/resources/dev/resumable/fuzz/HttpFuzzInputs");
    private static final int GROWN = 200_000;
    private static final Duration LINEAR = Duration.ofSeconds(5);

    @ParameterizedTest
    @EnumSource
    @DisplayName("breaks no law of a parser")
    void parsers(FuzzTarget target) throws IOException {
        for (Path input : inputs(target.corpus())) {
            try {
                target.check(Files.readAllBytes(input));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(input + ": " + e.getMessage(), e);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is read in linear time when each input is repeated to a length that no server accepts")
    void time(FuzzTarget target) throws Throwable {
        for (Path input : inputs(target.corpus())) {
            byte[] grown = FieldInput.grown(Files.readAllBytes(input), GROWN);
            CpuTime.assertWithin(LINEAR, input.toString(), () -> target.read(grown));
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("gets well-formed answers on every container")
    void exchanges(ContainerKind kind) throws IOException {
        try (ExchangeLaws laws = ExchangeLaws.on(kind)) {
            for (Path input : inputs("exchange")) {
                try {
                    laws.check(Files.readAllBytes(input));
                } catch (AssertionError | RuntimeException | IOException e) {
                    throw new AssertionError(input + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static List<Path> inputs(String target) throws IOException {
        try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
            List<Path> inputs = files.sorted().toList();
            assertThat(inputs).as("inputs of %s", target).isNotEmpty();
            return inputs;
        }
    }
}
