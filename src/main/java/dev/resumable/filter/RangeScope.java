// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.MediaRanges;
import dev.resumable.servlet.InitParameters;
import dev.resumable.servlet.PathPattern;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a {@link RangeServletFilter} acts on: the part of {@link RangeConfig} that leaves out requests and responses.
 *
 * <p>Path patterns are those of the Servlet specification (§12.2: {@code /exact}, {@code /prefix/*}, {@code *.ext},
 * {@code /}), relative to the context path. Media ranges have no parameters ({@code video/*}, {@code text/html}).
 *
 * @param includePaths paths that the filter acts on; empty for all
 * @param excludePaths paths that it leaves alone, also if they are included
 * @param includeTypes types of responses that it acts on; empty for all
 * @param excludeTypes types of responses that it lets pass, also if they are included
 * @param noRangesPaths paths whose answers have validators and no ranges
 */
public record RangeScope(
        Set<String> includePaths,
        Set<String> excludePaths,
        Set<String> includeTypes,
        Set<String> excludeTypes,
        Set<String> noRangesPaths) {

    private static final String TYPES_ALLOWED = "media ranges such as video/* or text/html, separated by commas";

    /** Takes the sets as copies and checks what is in them. */
    public RangeScope {
        includePaths = checked("includePaths", includePaths, RangeScope::arePaths, PathPattern.ALLOWED);
        excludePaths = checked("excludePaths", excludePaths, RangeScope::arePaths, PathPattern.ALLOWED);
        includeTypes = checked("includeTypes", includeTypes, RangeScope::areTypes, TYPES_ALLOWED);
        excludeTypes = checked("excludeTypes", excludeTypes, RangeScope::areTypes, TYPES_ALLOWED);
        noRangesPaths = checked("noRangesPaths", noRangesPaths, RangeScope::arePaths, PathPattern.ALLOWED);
    }

    /**
     * Reads init-params.
     *
     * @throws IllegalArgumentException if one is malformed, with its name, its value and what is allowed
     */
    static RangeScope from(InitParameters parameters) {
        return new RangeScope(
                read(parameters, "include-paths", RangeScope::arePaths, PathPattern.ALLOWED),
                read(parameters, "exclude-paths", RangeScope::arePaths, PathPattern.ALLOWED),
                read(parameters, "include-types", RangeScope::areTypes, TYPES_ALLOWED),
                read(parameters, "exclude-types", RangeScope::areTypes, TYPES_ALLOWED),
                read(parameters, "no-ranges-paths", RangeScope::arePaths, PathPattern.ALLOWED));
    }

    private static Set<String> read(
            InitParameters parameters, String name, Predicate<Set<String>> rule, String allowed) {
        Set<String> values = parameters.names(name, Set.of());
        if (!rule.test(values)) {
            throw parameters.malformed(name, parameters.text(name).orElse(""), allowed);
        }
        return values;
    }

    private static Set<String> checked(
            String component, Set<String> values, Predicate<Set<String>> rule, String allowed) {
        if (!rule.test(values)) {
            throw new IllegalArgumentException(component + " are " + values + "; allowed are " + allowed);
        }
        return Set.copyOf(values);
    }

    private static boolean arePaths(Set<String> values) {
        return values.stream().allMatch(value -> PathPattern.parse(value).isPresent());
    }

    private static boolean areTypes(Set<String> values) {
        return MediaRanges.of(values).isPresent();
    }
}
