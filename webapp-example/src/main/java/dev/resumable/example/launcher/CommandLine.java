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
            Usage: java -jar webapp-example.war [OPTION VALUE]...
              --port PORT          where to listen, 0 for any free port (8080)
              --host HOST          the address to listen on (127.0.0.1)
              --dir DIRECTORY      what /files/ shows (a directory of samples, made for this run)
              --data DIRECTORY     where /uploads/ keeps what it takes (beside --dir, with "-data" at the end of its
                                   name; without --dir a directory for this run)
              --owner-field NAME   the field in which a trusted front server names who uploads (everybody is one owner)
              --upstream URL       the server that /proxy/ passes requests on to (none)
              --help               this text
            """;

    /** The options that have a value. */
    List<String> OPTIONS = List.of("--port", "--host", "--dir", "--data", "--owner-field", "--upstream");

    /**
     * Run the example.
     *
     * @param directory what is shown; absent: samples
     * @param uploads what becomes of uploads
     * @param upstream the server behind the proxy; absent: no proxy
     */
    record Start(String host, int port, Optional<Path> directory, Uploads uploads, Optional<String> upstream)
            implements CommandLine {

        Start on(String otherHost, int otherPort) {
            return new Start(otherHost, otherPort, directory, uploads, upstream);
        }

        Start showing(Path shown) {
            return new Start(host, port, Optional.of(shown), uploads, upstream);
        }

        Start with(Uploads other) {
            return new Start(host, port, directory, other, upstream);
        }

        Start passingOnTo(String server) {
            return new Start(host, port, directory, uploads, Optional.of(server));
        }
    }

    /**
     * What becomes of uploads.
     *
     * @param data where they are kept, and may be made; absent: beside the files
     * @param ownerField the field that names their owner; absent: all have one
     */
    record Uploads(Optional<Path> data, Optional<String> ownerField) {}

    /** Print the usage. */
    record Help() implements CommandLine {}

    /** Print what is wrong, in one line. */
    record Invalid(String message) implements CommandLine {}

    /** Reads the arguments of {@code main}. */
    static CommandLine parse(List<String> arguments) {
        Uploads uploads = new Uploads(Optional.empty(), Optional.empty());
        CommandLine result = new Start("127.0.0.1", 8080, Optional.empty(), uploads, Optional.empty());
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
        if (!OPTIONS.contains(option)) {
            return new Invalid("unknown option " + option);
        }
        if (!rest.hasNext()) {
            return new Invalid(option + " needs a value");
        }
        String value = rest.next();
        return switch (option) {
            case "--port" -> withPort(start, value);
            case "--dir" -> withDirectory(start, value);
            case "--data" -> withData(start, value);
            case "--owner-field" ->
                value.isBlank()
                        ? new Invalid("--owner-field needs the name of a field")
                        : start.with(new Uploads(start.uploads().data(), Optional.of(value)));
            case "--upstream" -> withUpstream(start, value);
            default -> value.isBlank() ? new Invalid("--host needs an address") : start.on(value, start.port());
        };
    }

    private static CommandLine withPort(Start start, String value) {
        OptionalInt port = port(value);
        return port.isPresent()
                ? start.on(start.host(), port.getAsInt())
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
        Optional<Path> directory = path(value);
        if (directory.isEmpty()) {
            return new Invalid("--dir is not a path: " + value);
        }
        return Files.isDirectory(directory.get())
                ? start.showing(directory.get())
                : new Invalid("--dir is not a directory: " + value);
    }

    private static CommandLine withData(Start start, String value) {
        Optional<Path> data = path(value);
        if (data.isEmpty()) {
            return new Invalid("--data is not a path: " + value);
        }
        return Files.isDirectory(data.get()) || Files.notExists(data.get())
                ? start.with(new Uploads(data, start.uploads().ownerField()))
                : new Invalid("--data is not a directory: " + value);
    }

    private static Optional<Path> path(String value) {
        try {
            return Optional.of(value)
                    .filter(text -> !text.isBlank())
                    .map(text -> Path.of(text).toAbsolutePath().normalize());
        } catch (InvalidPathException notAPath) {
            return Optional.empty();
        }
    }

    private static CommandLine withUpstream(Start start, String value) {
        return isServer(value)
                ? start.passingOnTo(value)
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
