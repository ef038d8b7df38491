// SPDX-License-Identifier: Apache-2.0
package dev.resumable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * {@code docs/pitfalls.md} against the tests, which tell the pitfalls that they are about in front of their display names.
 *
 * <p>With the system property {@code pitfalls.write} the last column of its tables is written anew.
 */
@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("the table of pitfalls")
final class PitfallsTest {

    private static final Path TABLE =
            Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "docs/pitfalls.md");
    private static final int COUNT = 61;

    /** A test that is not about a container. */
    private static final Set<String> WITHOUT_CONTAINER = Set.of("P12");

    private static final Pattern NUMBERS = Pattern.compile("P\\d+(?:,? P\\d+)*");
    private static final Pattern ROW = Pattern.compile("\\| (P\\d+) \\| ([^|]+) \\| ([^|]*)\\| ([^|]*)\\|");

    private final Map<String, Set<Method>> tests = new LinkedHashMap<>();

    PitfallsTest() {
        IntStream.rangeClosed(1, COUNT).forEach(number -> tests.put("P" + number, new TreeSet<>(byName())));
        ReflectionSupport.findAllClassesInPackage("dev.resumable", type -> true, name -> name.matches(".*(Test|IT)"))
                .stream()
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(DisplayName.class))
                .forEach(method ->
                        numbers(method).forEach(number -> tests.get(number).add(method)));
    }

    private static Comparator<Method> byName() {
        return Comparator.comparing(PitfallsTest::name);
    }

    private static String name(Method test) {
        return test.getDeclaringClass().getSimpleName() + "." + test.getName();
    }

    private static Stream<String> numbers(Method test) {
        Matcher numbers = NUMBERS.matcher(test.getAnnotation(DisplayName.class).value());
        return numbers.lookingAt() ? Arrays.stream(numbers.group().split("[, ]+")) : Stream.empty();
    }

    @Test
    @DisplayName("has a test on every container for each")
    void onEveryContainer() {
        tests.forEach((number, methods) -> assertThat(methods)
                .as(number)
                .anyMatch(method ->
                        WITHOUT_CONTAINER.contains(number) || runsOn(method).containsAll(running())));
    }

    @Test
    @DisplayName(
            "names no test that is narrower than it looks: what a container makes impossible has a row in the limits")
    void narrowed() throws IOException {
        Map<String, String> limits = ROW.matcher(Files.readString(TABLE))
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(3)));
        tests.forEach((number, methods) -> methods.stream()
                .filter(method -> List.of(method.getParameterTypes()).contains(ContainerKind.class))
                .forEach(method -> {
                    Set<ContainerKind> missing = EnumSet.copyOf(running());
                    missing.removeAll(runsOn(method));
                    missing.forEach(kind -> assertThat(limits.get(number))
                            .as("%s of %s does not run on %s", name(method), number, kind)
                            .containsIgnoringCase(kind.isJetty() ? "Jetty" : kind.name()));
                }));
    }

    private static List<ContainerKind> running() {
        return ContainerKind.running();
    }

    /** The containers that its sources of arguments really give. */
    private static Set<ContainerKind> runsOn(Method method) {
        if (!method.isAnnotationPresent(ParameterizedTest.class)) {
            return Set.of();
        }
        ContainerSource source = method.getAnnotation(ContainerSource.class);
        if (source != null) {
            Set<ContainerKind> kinds = EnumSet.copyOf(running());
            List.of(source.except()).forEach(kinds::remove);
            return kinds;
        }
        MethodSource factories = method.getAnnotation(MethodSource.class);
        return factories == null
                ? Set.of()
                : Stream.of(factories.value())
                        .flatMap(factory -> argumentsOf(method, factory))
                        .filter(ContainerKind.class::isInstance)
                        .map(ContainerKind.class::cast)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(ContainerKind.class)));
    }

    /** All arguments that a factory gives, which is a static method without parameters. */
    private static Stream<Object> argumentsOf(Method test, String factory) {
        int hash = factory.indexOf('#');
        try {
            Class<?> type = hash < 0 ? test.getDeclaringClass() : Class.forName(factory.substring(0, hash));
            Method method = type.getDeclaredMethod(factory.substring(hash + 1));
            method.setAccessible(true);
            Object given = method.invoke(null);
            Stream<?> rows = given instanceof Collection<?> collection ? collection.stream() : (Stream<?>) given;
            return rows.flatMap(
                    row -> row instanceof Arguments arguments ? Stream.of(arguments.get()) : Stream.of(row));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(factory, e);
        }
    }

    @Test
    @DisplayName("has a row for each, with the tests that there are")
    void isCurrent() throws IOException {
        String text = Files.readString(TABLE);
        String current = ROW.matcher(text)
                .replaceAll(row -> Matcher.quoteReplacement("| %s | %s | %s| %s |"
                        .formatted(row.group(1), row.group(2), row.group(3), names(row.group(1)))));
        if (System.getProperty("pitfalls.write") != null) {
            Files.writeString(TABLE, current);
        } else {
            assertThat(text.lines())
                    .as("docs/pitfalls.md, written anew by -Dpitfalls.write")
                    .containsExactlyElementsOf(current.lines().toList());
        }
        assertThat(ROW.matcher(text).results().map(row -> row.group(1))).containsExactlyElementsOf(tests.keySet());
    }

    private String names(String number) {
        return tests.get(number).stream()
                .collect(Collectors.groupingBy(
                        test -> test.getDeclaringClass().getSimpleName(),
                        LinkedHashMap::new,
                        Collectors.mapping(Method::getName, Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(entry -> "`" + entry.getKey() + "`: " + entry.getValue())
                .collect(Collectors.joining("; "));
    }
}
