// SPDX-License-Identifier: Apache-2.0
package dev.resumable;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The finished jar on the module path of a fresh JVM.
 *
 * <p>All other tests run on the class path, where a wrong {@code module-info} would go unnoticed.
 */
class ModulePathIT {
    private static final String PROBE = """
            public class Probe {
                public static void main(String[] args) throws Exception {
                    Module module = Class.forName("dev.resumable.filter.RangeServletFilter").getModule();
                    System.out.println("module " + module.getName());
                    module.getDescriptor().exports().stream().map(e -> "exports " + e.source()).sorted()
                            .forEach(System.out::println);
                    Object servlet = Class.forName("dev.resumable.files.FileServlet").getConstructor().newInstance();
                    System.out.println("made " + servlet.getClass().getSimpleName());
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void theJarIsAModuleThatExportsWhatApplicationsNeed() throws Exception {
        List<String> lines = run(Files.writeString(directory.resolve("Probe.java"), PROBE));

        assertThat(lines)
                .containsExactly(
                        "module dev.resumable",
                        "exports dev.resumable.content",
                        "exports dev.resumable.files",
                        "exports dev.resumable.filter",
                        "exports dev.resumable.http",
                        "exports dev.resumable.metrics",
                        "exports dev.resumable.proxy",
                        "exports dev.resumable.upload",
                        "exports dev.resumable.upload.jdbc",
                        "exports dev.resumable.upload.store",
                        "made FileServlet");
    }

    private List<String> run(Path probe) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-p",
                        modulePath(),
                        "--add-modules",
                        "dev.resumable,jakarta.servlet",
                        probe.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }

    private static String modulePath() {
        return Stream.of(
                        System.getProperty("resumable.jar"),
                        onClassPath("commons-fileupload2-core-"),
                        onClassPath("commons-io-"),
                        onClassPath("jackson-jr-objects-"),
                        onClassPath("jackson-core-"),
                        onClassPath("servlet-api-"))
                .reduce((left, right) -> left + File.pathSeparator + right)
                .orElseThrow();
    }

    private static String onClassPath(String artifact) {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> new File(entry).getName().contains(artifact))
                .findFirst()
                .orElseThrow();
    }
}
