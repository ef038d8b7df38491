// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.content.Sha256;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadTarget.PartOf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.apache.commons.io.IOUtils;
import org.apache.commons.io.output.NullOutputStream;

/**
 * A part in a form (multipart/form-data, RFC 7578): the field {@code file}, streamed; other fields are passed over.
 *
 * <p>The library that reads forms waits for bytes, so a form holds a thread while it comes. Programs put parts bare.
 */
final class PartForm {

    private static final int BLOCK = 64 << 10;

    private final UploadEngine engine;
    private final UploadConfig config;

    PartForm(UploadEngine engine, UploadConfig config) {
        this.engine = engine;
        this.config = config;
    }

    /** Reads the form into the part. */
    UploadOutcome receive(PartOf part, UploadExchange exchange) throws IOException {
        Optional<byte[]> boundary = boundary(exchange);
        if (boundary.isEmpty()) {
            return malformed("The media type has no boundary.");
        }
        PartDigests digests = PartDigests.of(exchange.fields().lines("Content-Digest"), config.digests());
        if (digests.problem().isPresent()) {
            return digests.problem().get();
        }
        DigestInputStream body = new DigestInputStream(exchange.request().getInputStream(), Sha256.newDigest());
        try {
            MultipartInput form = MultipartInput.builder()
                    .setInputStream(body)
                    .setBoundary(boundary.get())
                    .get();
            for (boolean more = form.skipPreamble(); more; more = form.readBoundary()) {
                if (isFile(form.readHeaders())) {
                    return receive(part, exchange, form, body, digests);
                }
                form.discardBodyData();
            }
            return malformed("The form has no field \"file\".");
        } catch (FileUploadException e) {
            return malformed("The form is malformed or ended early.");
        }
    }

    private UploadOutcome receive(
            PartOf part, UploadExchange exchange, MultipartInput form, DigestInputStream body, PartDigests digests)
            throws IOException {
        PartRequest request =
                new PartRequest(part.number(), OptionalLong.empty(), digests.insideForm(body.getMessageDigest()));
        Reception reception = engine.part(part.id(), exchange.owner(), PartsProtocol.NAME, request);
        if (!(reception instanceof Reception.Open open)) {
            return ((Reception.Refused) reception).outcome();
        }
        BodySink sink = open.sink();
        engine.running().watch(sink);
        try (InputStream file = form.newInputStream()) {
            if (copy(file, sink)) {
                // The rest too: only the closing delimiter tells that the file is whole.
                while (form.readBoundary()) {
                    form.readHeaders();
                    form.discardBodyData();
                }
                IOUtils.copyLarge(body, NullOutputStream.INSTANCE);
                sink.end(Ending.WHOLE);
            }
        } catch (IOException e) {
            sink.end(Ending.CUT_OFF);
        } finally {
            engine.running().unwatch(sink);
        }
        return sink.outcome();
    }

    private static boolean copy(InputStream file, BodySink sink) throws IOException {
        byte[] block = new byte[BLOCK];
        for (int read = file.read(block); read >= 0; read = file.read(block)) {
            if (!sink.write(block, 0, read)) {
                return false;
            }
        }
        return true;
    }

    private static Optional<byte[]> boundary(UploadExchange exchange) {
        String boundary =
                parameters(String.valueOf(exchange.request().getContentType())).get("boundary");
        return Optional.ofNullable(boundary)
                .filter(text -> !text.isEmpty() && text.length() <= 70)
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean isFile(String headers) {
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

    private static UploadOutcome malformed(String detail) {
        return UploadOutcome.failed(UploadProblem.MALFORMED_REQUEST, detail);
    }
}
