// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.resumable.http.AcceptEncodingField;
import dev.resumable.http.ByteRange;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.EntityTag;
import dev.resumable.http.FieldLines;
import dev.resumable.http.RangeField;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.Validators;
import dev.resumable.testing.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is foreseen of an answer, and the stream that is given no more than that. */
@DisplayName("the bytes that an answer needs")
final class NeededBytesTest {

    private static final RepresentationMetadata THOUSAND = new RepresentationMetadata() {
        @Override
        public long length() {
            return 1000;
        }

        @Override
        public Validators validators() {
            return Validators.of(EntityTag.strong("v1"));
        }

        @Override
        public Optional<String> contentType() {
            return Optional.empty();
        }
    };

    private static NeededBytes needs(RequestMethod method, Map<String, String> fields) {
        FieldLines lines = name -> fields.containsKey(name) ? List.of(fields.get(name)) : List.of();
        return ContentResponse.defaults()
                .needs(
                        THOUSAND,
                        new ContentRequest(
                                method,
                                ConditionalRequest.parse(lines),
                                RangeField.parse(lines.lines("Range")),
                                Set.of(),
                                ContentRequest.AcceptedCodings.IDENTITY_ONLY,
                                AcceptEncodingField.parse(List.of())));
    }

    @Test
    @DisplayName("are none for 304, 412 and 416, one range for a 206 with one part, and others for all else")
    void foreseen() {
        assertThat(needs(RequestMethod.GET, Map.of("If-None-Match", "\"v1\"", "Range", "bytes=0-0")))
                .isEqualTo(new NeededBytes.None(304));
        assertThat(needs(RequestMethod.HEAD, Map.of("If-None-Match", "*"))).isEqualTo(new NeededBytes.None(304));
        assertThat(needs(RequestMethod.GET, Map.of("If-Match", "\"v2\""))).isEqualTo(new NeededBytes.None(412));
        assertThat(needs(RequestMethod.GET, Map.of("Range", "bytes=1000-"))).isEqualTo(new NeededBytes.None(416));
        assertThat(needs(RequestMethod.GET, Map.of("Range", "bytes=-10", "If-Range", "\"v1\"")))
                .isEqualTo(new NeededBytes.OneRange(new ByteRange(990, 999)));
        for (Map<String, String> fields : List.of(
                Map.<String, String>of(),
                Map.of("Range", "bytes=-10", "If-Range", "\"v2\""),
                Map.of("Range", "bytes=0-1,5-6"),
                Map.of("Range", "lines=1-2"))) {
            assertThat(needs(RequestMethod.GET, fields)).as("%s", fields).isEqualTo(new NeededBytes.Others());
        }
        assertThat(needs(RequestMethod.HEAD, Map.of("Range", "bytes=0-0"))).isEqualTo(new NeededBytes.Others());
    }

    @Test
    @DisplayName("are all that a stream for one range has to be given")
    void begunLater() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SelectingStream stream = new SelectingStream(ContentBody.part(new ByteRange(100, 199)), out)) {
            stream.beginAt(100);
            stream.write(Bytes.slice(100, 60));
            stream.write(Bytes.slice(160, 40));
            assertThat(stream.hasAll()).isTrue();
            assertThat(out.size()).isEqualTo(99);
        }
        assertThat(out.toByteArray()).isEqualTo(Bytes.slice(100, 100));

        SelectingStream less = new SelectingStream(ContentBody.part(new ByteRange(100, 199)), out);
        less.beginAt(100);
        less.write(Bytes.slice(100, 99));
        assertThatThrownBy(less::close).isInstanceOf(EOFException.class);
    }

    @Test
    @DisplayName("cannot be begun behind one of them, or after the first")
    void begunTooLate() throws IOException {
        SelectingStream stream =
                new SelectingStream(ContentBody.part(new ByteRange(100, 199)), new ByteArrayOutputStream());
        assertThatThrownBy(() -> stream.beginAt(101)).isInstanceOf(IllegalStateException.class);
        stream.write(1);
        assertThatThrownBy(() -> stream.beginAt(100)).isInstanceOf(IllegalStateException.class);
    }
}
