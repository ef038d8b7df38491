// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.pitfalls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.Framing;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The two deployments of a {@link TwinApp} in two containers of one kind. */
final class Twins implements AutoCloseable {

    private static final Duration SHORT = Duration.ofMillis(30);

    /** What the filter is there to change. */
    private static final Set<String> OURS =
            Set.of("etag", "last-modified", "accept-ranges", "content-length", "transfer-encoding");

    /** What differs between any two responses. */
    private static final Set<String> OF_THE_MOMENT = Set.of("date");

    private final EmbeddedContainer filtered;
    private final Journal filteredJournal;
    private final EmbeddedContainer plain;
    private final Journal plainJournal;

    Twins(EmbeddedContainer filtered, Journal filteredJournal, EmbeddedContainer plain, Journal plainJournal) {
        this.filtered = filtered;
        this.filteredJournal = filteredJournal;
        this.plain = plain;
        this.plainJournal = plainJournal;
    }

    /** Sends a GET to the filtered application alone. */
    RawResponse get(String target, String... lines) throws IOException {
        return filtered(RawRequest.get(target, lines));
    }

    /** Sends a request to the filtered application alone, and sees to it that nothing follows the response. */
    RawResponse filtered(RawRequest request) throws IOException {
        filteredJournal.clear();
        return exchange(filtered, request);
    }

    /** Sends a request to the application without the filter. */
    RawResponse plain(RawRequest request) throws IOException {
        plainJournal.clear();
        return exchange(plain, request);
    }

    private static RawResponse exchange(EmbeddedContainer container, RawRequest request) throws IOException {
        try (RawClient client = container.connect()) {
            // The same name for both, since some containers put it into Location.
            RawResponse response = client.exchange(request.with("Host: twin.test"));
            if (response.framing() != Framing.UNTIL_CLOSE) {
                client.assertNothingFollows(SHORT);
            }
            return response;
        }
    }

    /** What the filtered application has noted during the last exchange. */
    List<String> notes() {
        return filteredJournal.notes();
    }

    /** What the application without the filter has noted during the last exchange. */
    List<String> plainNotes() {
        return plainJournal.notes();
    }

    /**
     * Sends a GET to both, and expects the same of status, body, notes and all fields but validators, Accept-Ranges and
     * framing.
     *
     * @return the filtered response, which is complete
     */
    RawResponse assertAlike(String target, String... lines) throws IOException {
        return assertAlike(RawRequest.get(target, lines));
    }

    /** As above, for any request. */
    RawResponse assertAlike(RawRequest request) throws IOException {
        return compare(request, OURS);
    }

    /** As {@link #assertAlike(String, String...)} without the notes, where a container is more lenient than the others. */
    RawResponse assertAlikeOnTheWire(String target, String... lines) throws IOException {
        RawRequest request = RawRequest.get(target, lines);
        RawResponse without = plain(request).assertComplete();
        RawResponse with = filtered(request);
        assertSame(request, with, without, OURS);
        return with;
    }

    /** Sends a GET to both, and expects that the filter has changed nothing at all. */
    RawResponse assertIdentical(String target, String... lines) throws IOException {
        return compare(RawRequest.get(target, lines), Set.of());
    }

    private RawResponse compare(RawRequest request, Set<String> ours) throws IOException {
        RawResponse without = plain(request).assertComplete();
        RawResponse with = filtered(request);
        assertThat(notes()).as("notes of %s, answered by %s", request, with).isEqualTo(plainNotes());
        assertSame(request, with, without, ours);
        return with;
    }

    private static void assertSame(RawRequest request, RawResponse with, RawResponse without, Set<String> ours) {
        with.assertComplete();
        assertThat(with.status()).as("status of %s", with).isEqualTo(without.status());
        assertThat(lines(with, ours)).as("fields of %s", request).isEqualTo(lines(without, ours));
        assertThat(with.sha256())
                .as("body of %s, expected that of %s", with, without)
                .isEqualTo(without.sha256());
    }

    /** Names in lower case, without order: containers differ in it by what was set first. */
    private static List<String> lines(RawResponse response, Set<String> without) {
        return response.lines().stream()
                .filter(line -> !without.contains(line.name().toLowerCase(Locale.ROOT)))
                .filter(line -> !OF_THE_MOMENT.contains(line.name().toLowerCase(Locale.ROOT)))
                // White space around a parameter of a media type means nothing (RFC 9110 §5.6.6).
                .map(line -> line.name().toLowerCase(Locale.ROOT) + ": "
                        + line.value().replace("; ", ";"))
                .sorted()
                .toList();
    }

    /** The port of the filtered application, for connections of a test's own. */
    RawClient connect() throws IOException {
        return filtered.connect();
    }

    @Override
    public void close() {
        filtered.close();
        plain.close();
    }
}
