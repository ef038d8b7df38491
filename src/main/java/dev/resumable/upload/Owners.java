// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.servlet.ServletFields;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Optional;

/**
 * Who owns what a request is about: the name in the field of a trusted front server, where that is configured, else the
 * principal, else the one owner that all anonymous clients share.
 */
record Owners(Optional<String> ownerField) {

    static final String ANONYMOUS = "";

    /** The owner; empty if the field says two things, which no front server of ours does. */
    Optional<String> of(HttpServletRequest request) {
        List<String> lines =
                ownerField.map(name -> new ServletFields(request).lines(name)).orElse(List.of());
        if (lines.size() > 1) {
            return Optional.empty();
        }
        String named = lines.isEmpty() ? "" : lines.get(0).strip();
        return Optional.of(named.isEmpty() ? principal(request) : named);
    }

    private static String principal(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        String name = principal == null ? null : principal.getName();
        return name == null ? ANONYMOUS : name;
    }
}
