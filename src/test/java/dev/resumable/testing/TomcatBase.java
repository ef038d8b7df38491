// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;

/** A CATALINA_BASE with the distribution's own configuration but for the address, and without its applications. */
final class TomcatBase implements ContainerBase {
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.rmi/sun.rmi.transport");

    @Override
    public void prepare(Path home, Path base, int port) throws IOException {
        for (String name : List.of("webapps", "temp", "work", "logs")) {
            Files.createDirectories(base.resolve(name));
        }
        FileUtils.copyDirectory(
                home.resolve("conf").toFile(), base.resolve("conf").toFile());
        Path config = base.resolve("conf/server.xml");
        String text = Files.readString(config);
        text = replace(text, "<Server port=\"8005\"", "<Server port=\"-1\"");
        text = replace(text, "<Connector port=\"8080\"", "<Connector address=\"127.0.0.1\" port=\"" + port + "\"");
        Files.writeString(config, text);
    }

    private static String replace(String text, String old, String replacement) {
        if (!text.contains(old)) {
            throw new IllegalStateException("server.xml without " + old);
        }
        return text.replace(old, replacement);
    }

    /** What {@code catalina.sh run} does, without a shell in between that would take the signals. */
    @Override
    public List<String> arguments(Path home, Path base, List<String> systemProperties) {
        List<String> arguments = new ArrayList<>();
        OPENED.forEach(packages -> arguments.add("--add-opens=" + packages + "=ALL-UNNAMED"));
        arguments.add("-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"));
        arguments.add("-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager");
        arguments.add("-Dcatalina.home=" + home);
        arguments.add("-Dcatalina.base=" + base);
        arguments.add("-Djava.io.tmpdir=" + base.resolve("temp"));
        arguments.addAll(systemProperties);
        arguments.add("-classpath");
        arguments.add(home.resolve("bin/bootstrap.jar") + ":" + home.resolve("bin/tomcat-juli.jar"));
        arguments.add("org.apache.catalina.startup.Bootstrap");
        arguments.add("start");
        return arguments;
    }
}
