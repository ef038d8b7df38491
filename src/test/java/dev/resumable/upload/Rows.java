// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What the tables of all protocols have in common. */
final class Rows {

    private static final Set<String> WITHOUT_BODY = Set.of("HEAD", "GET", "OPTIONS");

    private Rows() {}

    /** Rows of several tables, for each container. */
    static <R> Stream<Arguments> onAllContainers(Stream<Stream<R>> tables) {
        List<R> rows = tables.flatMap(table -> table).toList();
        return ContainerKind.running().stream().flatMap(kind -> rows.stream().map(row -> Arguments.of(kind, row)));
    }

    /** The request with this body; where it is empty, with one of no bytes if the method is one that has bodies. */
    static RawRequest withBody(RawRequest request, String method, byte[] body) {
        return body.length > 0 || !WITHOUT_BODY.contains(method) ? request.withBody(body) : request;
    }
}
