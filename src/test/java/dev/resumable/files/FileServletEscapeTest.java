// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attempts to leave the directory, through whatever the container lets pass. */
class FileServletEscapeTest {

    private static ServedDirectory served;

    @BeforeAll
    static void start() throws IOException {
        served = new ServedDirectory();
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    static Stream<Arguments> attempts() {
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of(
                                "../secret.txt",
                                "sub/../../secret.txt",
                                "%2e%2e/secret.txt",
                                ".%2e/secret.txt",
                                "..%2fsecret.txt",
                                "%2e%2e%2fsecret.txt",
                                "..%5csecret.txt",
                                "..\\secret.txt",
                                "%2e%2e%5csecret.txt",
                                "%252e%252e/secret.txt",
                                "%252e%252e%252fsecret.txt",
                                "..%252fsecret.txt",
                                "..;/secret.txt",
                                "..;x=1/secret.txt",
                                "%2e%2e;/secret.txt",
                                "sub/..;/..;/secret.txt",
                                "..%c0%afsecret.txt",
                                "%c0%ae%c0%ae/secret.txt",
                                "..%00/secret.txt",
                                "%00/../secret.txt",
                                "readme.txt%00",
                                "readme.txt%00.html",
                                "/../secret.txt",
                                "//secret.txt",
                                "sub//../../secret.txt",
                                "readme.txt/",
                                "readme.txt/../../secret.txt",
                                "readme.txt%20",
                                "readme.txt.",
                                "readme.txt::$DATA",
                                ".hidden.txt",
                                "%2ehidden.txt",
                                "sub/%2e%2e/.hidden.txt",
                                "out.txt",
                                "out.txt/",
                                "none",
                                "n".repeat(256),
                                "n/".repeat(2_500))
                        .map(path -> Arguments.of(kind, path)));
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void nothingIsFound(ContainerKind kind, String path) throws IOException {
        for (String mapping : new String[] {"/app/plain/", "/app/files/"}) {
            RawResponse response = served.on(kind).get(mapping + path);

            // 400: the container refuses the target itself.
            assertThat(response.status()).as(mapping + path).isIn(400, 404);
            assertThat(response.bodyText()).doesNotContain(ServedDirectory.SECRET, served.root.toString());
        }
    }

    @ParameterizedTest
    @ContainerSource
    void whatTheDeployerOpensIsOpen(ContainerKind kind) throws IOException {
        assertThat(served.on(kind).get("/app/open/.hidden.txt").bodyText()).isEqualTo(ServedDirectory.SECRET);
        assertThat(served.on(kind).get("/app/open/out.txt").bodyText()).isEqualTo(ServedDirectory.SECRET);
        assertThat(served.on(kind).get("/app/open/").bodyText()).contains(".hidden.txt", "out.txt");
        assertThat(served.on(kind).get("/app/open/%2e%2e/secret.txt").status()).isIn(400, 404);
    }
}
