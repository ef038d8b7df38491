// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.servlet.ServletFields;
import dev.resumable.upload.UploadOutcome.Failed;
import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** One request to an {@link UploadServlet} and its answer, as the protocols see them. */
final class UploadExchange {

    private static final String PROBLEM = "application/problem+json";

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final ServletFields fields;
    private final UploadTarget target;
    private final String owner;
    private final String base;
    private final Refusal refusal;
    private Map<String, List<String>> kept = Map.of();

    /** Lets the protocol that created an upload answer a request that would change it in another. */
    @FunctionalInterface
    interface Refusal {
        void answer(UploadExchange exchange, String creator, Failed wrongProtocol) throws IOException;
    }

    UploadExchange(HttpServletRequest request, HttpServletResponse response, String owner, Refusal refusal) {
        this.refusal = refusal;
        this.request = request;
        this.response = response;
        this.fields = new ServletFields(request);
        this.target = UploadTarget.of(request);
        this.owner = owner;
        this.base = base(request);
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    ServletFields fields() {
        return fields;
    }

    UploadTarget target() {
        return target;
    }

    /** Who asks: all that is not this owner's does not exist. */
    String owner() {
        return owner;
    }

    /** The method that counts: old clients cannot send all of them, and name it in a field (tus 1.0.0, HTTP Method Override). */
    String method() {
        return field("X-HTTP-Method-Override").filter(name -> !name.isEmpty()).orElseGet(request::getMethod);
    }

    /** The only line of a field; empty without one, and with several, since nobody could say which counts. */
    Optional<String> field(String name) {
        return fields.lines(name).size() == 1
                ? Optional.of(fields.lines(name).get(0).strip())
                : Optional.empty();
    }

    boolean hasField(String name) {
        return !fields.lines(name).isEmpty();
    }

    /** The announced length of the body. */
    OptionalLong contentLength() {
        long length = request.getContentLengthLong();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }

    /** Whether the head says that there is content (RFC 9112 §6). */
    boolean hasContent() {
        OptionalLong length = contentLength();
        return length.isPresent() ? length.getAsLong() > 0 : hasField("Transfer-Encoding");
    }

    /** Whether only the stream tells if there is content: over HTTP/2, where no field must (RFC 9113 §8.1). */
    boolean isFramedByStream() {
        return contentLength().isEmpty() && !isHttp1();
    }

    private boolean isHttp1() {
        return request.getProtocol().startsWith("HTTP/1");
    }

    /** The media type of the body without its parameters, in lower case; empty without one. */
    String mediaType() {
        String type = Optional.ofNullable(request.getContentType()).orElse("");
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }

    /** The path of an upload on this server. */
    String path(UploadId id) {
        return base + "/" + id;
    }

    /** The path of a file on this server. */
    String path(FileId id) {
        return base + "/files/" + id;
    }

    /** The path of the list of files on this server. */
    String filesPath() {
        return base + "/files/";
    }

    /** Answers with a JSON document. */
    void answer(int status, Map<String, Object> document) throws IOException {
        send(status, "application/json", document);
    }

    /** Answers without a body. */
    void answer(int status) {
        response.setStatus(status);
        noStore();
        if (status != HttpServletResponse.SC_NO_CONTENT) {
            response.setContentLengthLong(0);
        }
    }

    /** Answers that something failed: with a problem document, or as the protocol of the upload does. */
    void answer(Failed failed) throws IOException {
        if (failed.problem() == UploadProblem.WRONG_PROTOCOL
                && failed.members().get("protocol") instanceof String creator) {
            refusal.answer(this, creator, failed);
        } else {
            problem(failed);
        }
    }

    /** Answers with a problem document (RFC 9457). */
    void problem(Failed failed) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", failed.problem().type());
        document.put("title", failed.problem().title());
        document.put("status", failed.status());
        document.put("detail", failed.detail());
        document.putAll(failed.members());
        if (failed.problem() == UploadProblem.BUSY || failed.problem() == UploadProblem.OVERLOADED) {
            response.setHeader("Retry-After", "1");
        }
        if (isEndedEarly(failed.problem()) && isHttp1()) {
            // The rest of the body is not waited for. (In HTTP/2 the field would make the answer malformed, RFC 9113
            // §8.2.2.)
            response.setHeader("Connection", "close");
        }
        send(failed.status(), PROBLEM, document);
    }

    /** Keeps the fields that the answer has by now, from filters in front and from us: it will have them whatever happens. */
    void keepFields() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (String name : response.getHeaderNames()) {
            fields.put(name, List.copyOf(response.getHeaders(name)));
        }
        fields.values().removeIf(List::isEmpty);
        kept = fields;
    }

    /** Begins the answer again, with no fields but those that were kept. */
    void beginAgain() {
        response.reset();
        kept.forEach((name, values) -> {
            // The first one replaces: Jetty has put back its Date by itself, of which there is one (RFC 9110 §6.6.1).
            response.setHeader(name, values.get(0));
            values.stream().skip(1).forEach(value -> response.addHeader(name, value));
        });
    }

    /** Answers that the request has failed; the container's own page would show to strangers what is inside. */
    void fail() throws IOException {
        beginAgain();
        problem(UploadOutcome.failed(UploadProblem.STORE_FAILED, "The request could not be carried out."));
    }

    /** Whether the client is gone, or is not waited for any longer. */
    static boolean isEndedEarly(UploadProblem problem) {
        return switch (problem) {
            case TAKEN_OVER, TOO_SLOW, SHUTTING_DOWN, OVERLOADED, INCOMPLETE_BODY -> true;
            default -> false;
        };
    }

    private void send(int status, String type, Map<String, Object> document) throws IOException {
        byte[] json = PartsDocument.write(document);
        response.setStatus(status);
        noStore();
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLengthLong(json.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(json);
        }
    }

    private void noStore() {
        response.setHeader("Cache-Control", "no-store");
    }

    private static String base(HttpServletRequest request) {
        try {
            // The servlet path is decoded, the context path is not (Servlet 6.0, §3.5).
            return request.getContextPath() + new URI(null, null, request.getServletPath(), null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a servlet path that no URI can have", e);
        }
    }
}
