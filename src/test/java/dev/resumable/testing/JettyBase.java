// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JETTY_BASE with the modules that serve WARs over HTTP/1.1 in one environment.
 *
 * @param environment {@code ee10} or {@code ee11}
 */
record JettyBase(String environment) implements ContainerBase {
    @Override
    public void prepare(Path home, Path base, int port) throws IOException {
        for (String name : List.of("webapps", "temp", "logs", "start.d")) {
            Files.createDirectories(base.resolve(name));
        }
        Files.writeString(base.resolve("start.d/test.ini"), """
                --module=http
                --module=%s-deploy
                --module=%s-annotations
                jetty.http.host=127.0.0.1
                jetty.http.port=%d
                """.formatted(environment, environment, port));
    }

    @Override
    public List<String> arguments(Path home, Path base, List<String> systemProperties) {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Djava.io.tmpdir=" + base.resolve("temp"));
        arguments.add("-Djetty.home=" + home);
        arguments.add("-Djetty.base=" + base);
        arguments.addAll(systemProperties);
        arguments.add("-jar");
        arguments.add(home.resolve("start.jar").toString());
        return arguments;
    }
}
