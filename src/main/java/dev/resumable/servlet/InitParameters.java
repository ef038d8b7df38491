// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletConfig;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The init-params of a filter or servlet as typed values.
 *
 * <p>Every read names its parameter; {@link #rejectUnknown()} then stops start-up for those that nobody read, so that a
 * misspelt name is never a silent default. All messages give name, value and what is allowed.
 */
public final class InitParameters {

    private static final Map<String, Long> SIZES =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Long> TIMES = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private final String owner;
    private final Function<String, String> values;
    private final Set<String> given;
    private final Set<String> read = new LinkedHashSet<>();

    private InitParameters(String owner, Enumeration<String> names, Function<String, String> values) {
        this.owner = owner;
        this.values = values;
        this.given = new LinkedHashSet<>(Collections.list(names));
    }

    /** The parameters of a filter. */
    public static InitParameters of(FilterConfig config) {
        return new InitParameters(
                "filter " + config.getFilterName(), config.getInitParameterNames(), config::getInitParameter);
    }

    /** The parameters of a servlet. */
    public static InitParameters of(ServletConfig config) {
        return new InitParameters(
                "servlet " + config.getServletName(), config.getInitParameterNames(), config::getInitParameter);
    }

    /** The trimmed value, or empty if it is absent or blank. */
    public Optional<String> text(String name) {
        read.add(name);
        return given.contains(name)
                ? Optional.of(values.apply(name).trim()).filter(value -> !value.isEmpty())
                : Optional.empty();
    }

    /** A path of the file system, which need not lead to anything; empty if it is absent. */
    public Optional<Path> path(String name) {
        return text(name).map(value -> {
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw malformed(name, value, "a path of this file system");
            }
        });
    }

    /** A size in bytes: digits with an optional unit B, KiB, MiB or GiB. */
    public long size(String name, long otherwise) {
        return text(name)
                .map(value -> scaled(name, value, SIZES, "a size such as 512, 64KiB, 16MiB or 4GiB"))
                .orElse(otherwise);
    }

    /** A size in bytes that has no default. */
    public OptionalLong size(String name) {
        return text(name).isPresent() ? OptionalLong.of(size(name, 0)) : OptionalLong.empty();
    }

    /** A time: digits with a unit ms, s, m or h. */
    public Duration time(String name, Duration otherwise) {
        return text(name)
                .map(value -> scaled(name, value, TIMES, "a time such as 500ms, 30s, 5m or 1h"))
                .map(Duration::ofMillis)
                .orElse(otherwise);
    }

    /** A whole number from 0 to 2147483647. */
    public int count(String name, int otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        long value = scaled(name, text.get(), Map.of("", 1L), "a whole number");
        if (value > Integer.MAX_VALUE) {
            throw malformed(name, text.get(), "a whole number up to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** Names that are separated by commas; blank ones do not count. */
    public Set<String> names(String name, Set<String> otherwise) {
        return text(name).map(value -> names(name, value)).orElse(otherwise);
    }

    private Set<String> names(String name, String value) {
        Set<String> names = Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        if (names.isEmpty()) {
            // Where none means all, commas alone must not mean it.
            throw malformed(name, value, "names separated by commas");
        }
        return names;
    }

    /** One of the constants, written in kebab-case. */
    public <E extends Enum<E>> E choice(String name, E otherwise) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        E[] constants = otherwise.getDeclaringClass().getEnumConstants();
        return Arrays.stream(constants)
                .filter(constant -> spelling(constant).equals(text.get().toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> malformed(
                        name,
                        text.get(),
                        "one of "
                                + Arrays.stream(constants)
                                        .map(InitParameters::spelling)
                                        .collect(Collectors.joining(", "))));
    }

    /** An object of a class that is named; the class needs a public constructor without parameters. */
    public <T> Optional<T> instance(String name, Class<T> type) {
        return text(name).map(className -> instance(name, className, type));
    }

    private <T> T instance(String name, String className, Class<T> type) {
        try {
            return load(className).asSubclass(type).getConstructor().newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            String allowed = "the name of a class that implements " + type.getName()
                    + " and has a public constructor without parameters";
            IllegalArgumentException malformed = malformed(name, className, allowed);
            malformed.initCause(e);
            throw malformed;
        }
    }

    private static Class<?> load(String className) throws ClassNotFoundException {
        try {
            // The loader of the application, which the library itself may stand above.
            return Class.forName(className, true, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            // An embedded container may have none that knows the application.
            return Class.forName(className);
        }
    }

    /** How a constant is written as a value: {@code IF_ASKED} is {@code if-asked}. */
    public static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalArgumentException if a parameter was given that no call has asked for
     */
    public void rejectUnknown() {
        for (String name : given) {
            if (!read.contains(name)) {
                throw new IllegalArgumentException(owner + ": unknown init-param \"" + name + "\" (value \""
                        + values.apply(name) + "\"); allowed are " + String.join(", ", read));
            }
        }
    }

    /** The complaint about a value; callers use it for rules of their own. */
    public IllegalArgumentException malformed(String name, String value, String allowed) {
        return new IllegalArgumentException(
                owner + ": init-param \"" + name + "\" has the value \"" + value + "\"; allowed is " + allowed);
    }

    private long scaled(String name, String value, Map<String, Long> units, String allowed) {
        int digits = 0;
        while (digits < value.length() && value.charAt(digits) >= '0' && value.charAt(digits) <= '9') {
            digits++;
        }
        Long unit = units.get(value.substring(digits).trim());
        if (digits == 0 || unit == null) {
            throw malformed(name, value, allowed);
        }
        BigInteger product = new BigInteger(value.substring(0, digits)).multiply(BigInteger.valueOf(unit));
        if (product.bitLength() >= Long.SIZE) {
            throw malformed(name, value, allowed);
        }
        return product.longValue();
    }
}
