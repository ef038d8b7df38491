// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.launcher;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/**
 * The entry point of {@code java -jar webapp-example.war}.
 *
 * <p>The class loader that runs it sees the root of the WAR only. The server's jars lie in {@code WEB-INF/lib-provided},
 * where no container that the WAR is deployed to looks for them, and are unpacked by {@link EmbeddedServer}.
 *
 * <p>Prints one line to standard output, {@code Listening on http://HOST:PORT/}, when requests are accepted. Ends on
 * SIGINT or SIGTERM, with the system property {@code resumable.example.end-with-parent} also when the process that started
 * it ends, and leaves no temporary files. Exit codes: 2 for a bad option, 1 when the server cannot start.
 */
public final class Main {
    private Main() {}

    /** Runs the example in the foreground. */
    public static void main(String[] arguments) {
        CommandLine line = CommandLine.parse(List.of(arguments));
        if (line instanceof CommandLine.Start start) {
            start(start);
        } else if (line instanceof CommandLine.Invalid invalid) {
            System.err.println("webapp-example: " + invalid.message() + " (--help lists the options)");
            System.exit(2);
        } else {
            System.out.print(CommandLine.USAGE);
        }
    }

    private static void start(CommandLine.Start options) {
        try {
            EmbeddedServer server = new EmbeddedServer(war(), TemporaryDirectory.create());
            Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "shutdown"));
            endWithParent();
            System.out.println("Listening on " + server.start(options));
        } catch (Exception e) {
            System.err.println("webapp-example: cannot start: " + rootCause(e));
            System.exit(1);
        }
    }

    /** For a build tool that runs the example: a tool that is killed would leave it behind, holding its port. */
    private static void endWithParent() {
        if (Boolean.getBoolean("resumable.example.end-with-parent")) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(0)));
        }
    }

    private static Path war() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Throwable rootCause(Throwable e) {
        return e.getCause() == null ? e : rootCause(e.getCause());
    }
}
