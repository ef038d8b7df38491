// SPDX-License-Identifier: Apache-2.0
package dev.resumable.servlet;

import jakarta.servlet.ServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Sends interim responses (RFC 9110 §15.2) in Jetty 12, whatever its environment; the Servlet API has no call for them.
 *
 * <p>Implementation note: for HTTP/1.1 the bytes go to the end point of the connection. Jetty's own {@code writeInterim} would
 * write fields with 103 alone, forget a client's {@code Connection: close}, and in 12.0 spoil the final response if the head is
 * too long for its buffer. Later versions have no such head, and take that call. Jetty's classes are found through the
 * response's, once for each class of responses; where one of them is missing, nothing is ever sent.
 */
public final class JettyConnection {

    private static final Logger LOG = System.getLogger(JettyConnection.class.getName());
    private static final String CORE = "org.eclipse.jetty.server.";
    private static final String HTTP = "org.eclipse.jetty.http.";
    private static final String IO = "org.eclipse.jetty.io.";
    private static final String COMPLETABLE = "org.eclipse.jetty.util.Callback$Completable";

    private static final Map<Integer, String> PHRASES =
            Map.of(102, "Processing", 103, "Early Hints", 104, "Upload Resumption Supported");

    private static final ClassValue<Optional<Calls>> CALLS = new ClassValue<>() {
        @Override
        protected Optional<Calls> computeValue(Class<?> type) {
            return calls(type);
        }
    };

    /**
     * What is called of Jetty.
     *
     * @param version of the connection of a servlet response
     * @param write takes a servlet response, a completable, and buffers
     * @param completable makes one, which is a future
     * @param writeInterim takes a servlet response, a status and fields; gives a future
     * @param noFields makes fields
     * @param addField takes fields, a name and a value
     */
    private record Calls(
            MethodHandle version,
            MethodHandle write,
            MethodHandle completable,
            MethodHandle writeInterim,
            MethodHandle noFields,
            MethodHandle addField) {}

    private JettyConnection() {}

    /**
     * Sends an interim response, if the container is Jetty and the client knows them; the caller writes nothing to the response
     * at the same time.
     *
     * @param fields values in order, by names that are all different
     * @return ends when the client's side has taken it, or with its failure; ended if nothing is sent
     */
    public static CompletableFuture<?> interim(ServletResponse response, int status, Map<String, List<String>> fields) {
        ServletResponse innermost = Container.innermost(response);
        Optional<Calls> calls =
                Container.of(innermost) == Container.JETTY ? CALLS.get(innermost.getClass()) : Optional.empty();
        if (calls.isEmpty() || innermost.isCommitted()) {
            return CompletableFuture.completedFuture(null);
        }
        try {
            return send(calls.get(), innermost, status, fields);
        } catch (Throwable e) {
            if (e instanceof Error error) {
                throw error;
            }
            LOG.log(Level.DEBUG, "an interim response could not be sent: {0}", e.toString());
            return CompletableFuture.failedFuture(e);
        }
    }

    private static CompletableFuture<?> send(
            Calls calls, ServletResponse response, int status, Map<String, List<String>> fields) throws Throwable {
        switch (String.valueOf((Object) calls.version().invoke(response))) {
            case "HTTP/0.9", "HTTP/1.0" -> {
                return CompletableFuture.completedFuture(null);
            }
            case "HTTP/1.1" -> {
                Object sent = calls.completable().invoke();
                calls.write().invoke(response, sent, new ByteBuffer[] {ByteBuffer.wrap(head(status, fields))});
                return (CompletableFuture<?>) sent;
            }
            default -> {
                Object section = calls.noFields().invoke();
                for (Map.Entry<String, List<String>> field : fields.entrySet()) {
                    for (String value : field.getValue()) {
                        calls.addField().invoke(section, field.getKey(), value);
                    }
                }
                return (CompletableFuture<?>) calls.writeInterim().invoke(response, status, section);
            }
        }
    }

    private static byte[] head(int status, Map<String, List<String>> fields) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(PHRASES.getOrDefault(status, ""))
                .append("\r\n");
        fields.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Optional<Calls> calls(Class<?> response) {
        try {
            JettyWay core = JettyWay.from(response).step("getResponse", CORE + "Response");
            JettyWay metadata = JettyWay.toConnection(response);
            JettyWay endPoint =
                    metadata.step("getConnection", IO + "Connection").step("getEndPoint", IO + "EndPoint");
            Class<?> callback = core.type("org.eclipse.jetty.util.Callback");
            Class<?> fields = core.type(HTTP + "HttpFields");
            Class<?> mutable = core.type(HTTP + "HttpFields$Mutable");
            return Optional.of(new Calls(
                    metadata.step("getHttpVersion", HTTP + "HttpVersion").handle(),
                    endPoint.call("write", MethodType.methodType(void.class, callback, ByteBuffer[].class)),
                    JettyWay.LOOKUP.findConstructor(core.type(COMPLETABLE), MethodType.methodType(void.class)),
                    core.call("writeInterim", MethodType.methodType(CompletableFuture.class, int.class, fields)),
                    JettyWay.LOOKUP.findStatic(fields, "build", MethodType.methodType(mutable)),
                    JettyWay.LOOKUP.findVirtual(
                            mutable, "add", MethodType.methodType(mutable, String.class, String.class))));
        } catch (ReflectiveOperationException e) {
            LOG.log(Level.DEBUG, "this Jetty sends no interim responses: {0}", e.toString());
            return Optional.empty();
        }
    }
}
