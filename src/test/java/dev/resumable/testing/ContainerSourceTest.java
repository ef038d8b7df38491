// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.commons.support.ReflectionSupport;

/** No test asks for containers that are not of the build, which would only be skipped. */
final class ContainerSourceTest {

    @Test
    @DisplayName("tests name their containers by @ContainerSource, not by @EnumSource")
    void noEnumSource() {
        assertThat(ReflectionSupport.findAllClassesInPackage("dev.resumable", type -> true, name -> true).stream()
                        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                        .filter(method -> method.isAnnotationPresent(EnumSource.class))
                        .filter(method -> List.of(method.getParameterTypes()).contains(ContainerKind.class)))
                .isEmpty();
    }
}
