// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a {@code @ParameterizedTest} on {@linkplain ContainerKind#running() all containers of this build}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ArgumentsSource(ContainerSource.Kinds.class)
public @interface ContainerSource {

    /** Containers that cannot do what is tested; the test says why. */
    ContainerKind[] except() default {};

    /** Reads the annotation. */
    final class Kinds implements ArgumentsProvider, AnnotationConsumer<ContainerSource> {

        private List<ContainerKind> except = List.of();

        @Override
        public void accept(ContainerSource source) {
            except = List.of(source.except());
        }

        @Override
        public Stream<? extends Arguments> provideArguments(
                ParameterDeclarations parameters, @Nullable ExtensionContext context) {
            return ContainerKind.running().stream()
                    .filter(kind -> !except.contains(kind))
                    .map(Arguments::of);
        }
    }
}
