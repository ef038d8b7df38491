// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import dev.resumable.proxy.ScriptedUpstream.Script;
import dev.resumable.testing.AtOnce;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Failures as those of {@link ProxyFailureTest} that cost the idle timeout each. */
@DisplayName("a server that falls silent behind a proxy")
final class ProxySilentServerTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\nA:";

    private static ProxyBed bed;

    private record Row(ContainerKind kind, String target) {}

    @BeforeAll
    static void start() {
        bed = ProxyBed.start("", config -> config.idleTimeout(Duration.ofSeconds(3)));
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    /** All targets on all paths at the same time. */
    private static List<Row> answer(Map<String, Script> byTarget) {
        bed.upstream()
                .script(exchange -> byTarget.get(exchange.request().target()).answer(exchange));
        return ContainerKind.running().stream()
                .flatMap(kind -> Stream.of("/app/proxy", "/app/here")
                        .flatMap(path -> byTarget.keySet().stream().map(target -> new Row(kind, path + target))))
                .toList();
    }

    private static RawClient connect(Row row) throws Exception {
        return bed.on(row.kind()).connect().timeout(Duration.ofSeconds(30));
    }

    @Test
    @DisplayName("before its answer is 504, a problem without a trace or an address")
    void beforeTheAnswer() throws Exception {
        List<Row> rows = answer(Map.of(
                "/nothing", exchange -> exchange.awaitEnd(),
                "/half-a-head", exchange -> exchange.send(HEAD).awaitEnd()));

        AtOnce.run(rows, row -> {
            try (RawClient client = connect(row)) {
                ProxyFailureTest.assertProblem(client.get(row.target()), 504, bed.upstream());
            }
        });
    }

    @Test
    @DisplayName("within its answer breaks the connection to the client")
    void withinTheAnswer() throws Exception {
        String counted = ProxyFailureTest.COUNTED + ProxyFailureTest.BIG;
        String chunked = ProxyFailureTest.CHUNKED + ProxyFailureTest.CHUNK;
        List<Row> rows = answer(Map.of(
                "/short-of-the-length", exchange -> exchange.send(counted).awaitEnd(),
                "/between-chunks", exchange -> exchange.send(chunked).awaitEnd()));

        AtOnce.run(rows, row -> {
            try (RawClient client = connect(row)) {
                ProxyFailureTest.assertBroken(client.open(RawRequest.get(row.target())));
            }
        });
        ProxyFailureTest.assertNotAskedForMore(bed);
    }
}
