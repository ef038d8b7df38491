// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import io.undertow.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.apache.catalina.util.ServerInfo;
import org.eclipse.jetty.util.Jetty;
import org.springframework.core.SpringVersion;

/** Where and when all was measured, a line for each thing that matters. */
record Environment(List<String> lines) {

    static Environment ofNow(Settings settings) {
        return new Environment(List.of(
                "Date: " + LocalDate.now() + ", mode: " + settings.mode() + ", rounds: " + settings.rounds()
                        + ", a turn: " + settings.turn().toMillis() + " ms",
                "Processor: " + valueIn("/proc/cpuinfo", "model name") + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores, shared by servers and clients",
                "Memory: " + valueIn("/proc/meminfo", "MemTotal"),
                "Load of the machine in the minutes before (1, 5, 15): " + firstLine("/proc/loadavg"),
                "System: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
                "Java: " + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version")
                        + "; servers with " + ServerProcess.USUAL_HEAP + " and no other flag",
                "Containers, embedded, with their defaults: Tomcat " + ServerInfo.getServerNumber() + ", Jetty "
                        + Jetty.VERSION + ", Undertow " + Version.getVersionString(),
                "Peers: Spring " + SpringVersion.getVersion() + ", OmniFaces "
                        + org.omnifaces.servlet.FileServlet.class.getPackage().getImplementationVersion()
                        + ", Jetty AsyncProxyServlet " + Jetty.VERSION + ", MITRE ProxyServlet 2.0",
                "nginx: " + presence(Contestant.NGINX) + "; Go: " + presence(Contestant.GO)));
    }

    private static String presence(Contestant contestant) {
        return NativeServers.find(contestant).isPresent() ? "installed" : "not installed, so it does not take part";
    }

    private static String valueIn(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String firstLine(String file) {
        try {
            return Files.readString(Path.of(file)).replaceAll("(\\S+ \\S+ \\S+).*\\s*", "$1");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
