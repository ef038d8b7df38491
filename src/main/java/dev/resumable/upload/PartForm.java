// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadTarget.PartOf;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.commons.fileupload2.core.ParameterParser;

/** A part in a form (multipart/form-data, RFC 7578): the field {@code file}, streamed. */
final class PartForm {

    private final UploadEngine engine;
    private final UploadConfig config;

    PartForm(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
    }

    /** Reads the form into the part, and answers. */
    void receive(PartOf part, UploadExchange exchange, BodyReception.Answer answer) throws IOException {
        Optional<String> boundary = boundary(exchange);
        if (boundary.isEmpty()) {
            answer.write(malformed("The media type has no boundary."));
            return;
        }
        PartDigests digests = PartDigests.of(exchange.fields().lines("Content-Digest"), config.digests());
        if (digests.problem().isPresent()) {
            answer.write(digests.problem().get());
            return;
        }
        String owner = exchange.owner();
        Set<PartRequest.Presence> meantFor = UploadConditions.ofPart(exchange);
        FormSink sink = new FormSink(
                boundary.get(),
                form -> engine.part(
                        part.id(),
                        owner,
                        PartsProtocol.NAME,
                        new PartRequest(part.number(), OptionalLong.empty(), digests.insideForm(form), meantFor)));
        BodyReception.receive(exchange, sink, engine.running(), answer);
    }

    private static Optional<String> boundary(UploadExchange exchange) {
        String boundary =
                parameters(String.valueOf(exchange.request().getContentType())).get("boundary");
        return Optional.ofNullable(boundary).filter(text -> !text.isEmpty() && text.length() <= 70);
    }

    /** Whether these are the headers of the field that is meant. */
    static boolean isFile(String headers) {
        for (String line : headers.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                return "file".equals(parameters(line).get("name"));
            }
        }
        return false;
    }

    /** The parameters of a field value, by name in lower case; those in the form of RFC 8187 are decoded. */
    static Map<String, String> parameters(String fieldValue) {
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(fieldValue, ';');
    }

    static UploadOutcome malformed(String detail) {
        return UploadOutcome.failed(UploadProblem.MALFORMED_REQUEST, detail);
    }
}
