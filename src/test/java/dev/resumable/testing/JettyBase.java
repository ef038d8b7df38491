// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A JETTY_BASE with the modules that serve WARs, JSPs included, over HTTP/1.1 in one environment.
 *
 * @param environment {@code ee10} or {@code ee11}
 */
record JettyBase(String environment) implements ContainerBase {
    @Override
    public void prepare(Path home, Path base, int port) throws IOException {
        for (String name : List.of("webapps", "temp", "logs", "start.d")) {
            Files.createDirectories(base.resolve(name));
        }
        // A file of its own: behind the module of an environment, properties would go to that environment alone.
        String http = "--module=http%njetty.http.host=127.0.0.1%njetty.http.port=%d%n".formatted(port);
        Files.writeString(base.resolve("start.d/http.ini"), http);
        String deploy = "--module=%1$s-deploy%n--module=%1$s-annotations%n--module=%1$s-jsp%n".formatted(environment);
        Files.writeString(base.resolve("start.d/" + environment + ".ini"), deploy);
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
