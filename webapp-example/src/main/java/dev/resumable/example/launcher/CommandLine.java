// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.launcher;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the user asked for: to {@link Start}, for {@link Help}, or something {@link Invalid}.
 *
 * <p>An option and its value are two arguments; of an option given twice the last counts.
 */
sealed interface CommandLine {
    String USAGE = """
            Usage: java -jar webapp-example.war [--port PORT] [--dir DIRECTORY] [--upstream URL] [--host HOST]
              --port PORT      where to listen, 0 for any free port (8080)
              --dir DIRECTORY  what /files/ shows (a directory of samples, made for this run)
              --upstream URL   the server that /proxy/ passes requests on to (none)
              --host HOST      the address to listen on (127.0.0.1)
              --help           this text
            """;

    /** Run the example; an absent directory means samples, an absent upstream server no proxy. */
    record Start(String host, int port, Optional<Path> directory, Optional<String> upstream) implements CommandLine {}

    /** Print the usage. */
    record Help() implements CommandLine {}

    /** Print what is wrong, in one line. */
    record Invalid(String message) implements CommandLine {}

    /** Reads the arguments of {@code main}. */
    static CommandLine parse(List<String> arguments) {
        CommandLine result = new Start("127.0.0.1", 8080, Optional.empty(), Optional.empty());
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext() && result instanceof Start start) {
            result = withOption(start, rest.next(), rest);
        }
        return result;
    }

    private static CommandLine withOption(Start start, String option, Iterator<String> rest) {
        if (option.equals("--help") || option.equals("-h")) {
            return new Help();
        }
        if (!List.of("--port", "--dir", "--upstream", "--host").contains(option)) {
            return new Invalid("unknown option " + option);
        }
        if (!rest.hasNext()) {
            return new Invalid(option + " needs a value");
        }
        String value = rest.next();
        return switch (option) {
            case "--port" -> withPort(start, value);
            case "--dir" -> withDirectory(start, value);
            case "--upstream" -> withUpstream(start, value);
            default ->
                value.isBlank()
                        ? new Invalid("--host needs an address")
                        : new Start(value, start.port(), start.directory(), start.upstream());
        };
    }

    private static CommandLine withPort(Start start, String value) {
        OptionalInt port = port(value);
        return port.isPresent()
                ? new Start(start.host(), port.getAsInt(), start.directory(), start.upstream())
                : new Invalid("--port is a number from 0 to 65535, not " + value);
    }

    private static OptionalInt port(String value) {
        boolean digits =
                !value.isEmpty() && value.length() <= 5 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits
                ? OptionalInt.of(Integer.parseInt(value)).stream()
                        .filter(port -> port <= 65_535)
                        .findFirst()
                : OptionalInt.empty();
    }

    private static CommandLine withDirectory(Start start, String value) {
        try {
            Path directory = Path.of(value).toAbsolutePath().normalize();
            return Files.isDirectory(directory)
                    ? new Start(start.host(), start.port(), Optional.of(directory), start.upstream())
                    : new Invalid("--dir is not a directory: " + value);
        } catch (InvalidPathException notAPath) {
            return new Invalid("--dir is not a path: " + value);
        }
    }

    private static CommandLine withUpstream(Start start, String value) {
        return isServer(value)
                ? new Start(start.host(), start.port(), start.directory(), Optional.of(value))
                : new Invalid("--upstream is an http or https URL, not " + value);
    }

    private static boolean isServer(String value) {
        try {
            URI uri = new URI(value);
            return uri.getHost() != null && List.of("http", "https").contains(uri.getScheme());
        } catch (URISyntaxException notAUri) {
            return false;
        }
    }
}
