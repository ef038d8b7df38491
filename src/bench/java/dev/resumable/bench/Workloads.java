// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import static dev.resumable.bench.Contestant.CHAIN;
import static dev.resumable.bench.Contestant.EMPTY_WRAPPER;
import static dev.resumable.bench.Contestant.GO;
import static dev.resumable.bench.Contestant.NGINX;
import static dev.resumable.bench.Contestant.OMNIFACES;
import static dev.resumable.bench.Contestant.OWN;
import static dev.resumable.bench.Contestant.RANGES;
import static dev.resumable.bench.Contestant.SPRING;

import dev.resumable.bench.Throughput.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;

/** All that is measured with servers, in the order of the report. */
final class Workloads {

    private static final int MANY = 32;
    private static final int PART = 64 << 10;

    /** Spring's filter keeps whole responses in the heap; it is left out where these are huge. */
    private static final Set<Contestant> WITH_LARGE_FILES =
            EnumSet.of(OWN, EMPTY_WRAPPER, RANGES, CHAIN, OMNIFACES, NGINX, GO);

    private static final Set<Contestant> WITH_SMALL_FILES =
            EnumSet.of(OWN, EMPTY_WRAPPER, RANGES, CHAIN, SPRING, OMNIFACES, NGINX, GO);

    private static final Set<Contestant> GENERATING = EnumSet.of(OWN, EMPTY_WRAPPER, RANGES, SPRING);

    private Workloads() {}

    static List<Workload> all(Settings settings) {
        return List.of(
                new Throughput(
                        "Bulk: GET of 256 MiB, one keep-alive connection",
                        Unit.BYTES,
                        WITH_LARGE_FILES,
                        1,
                        same(Connection.get("/large.bin")),
                        new Expected(200, Site.LARGE),
                        1,
                        settings),
                new Throughput(
                        "Ranges: 64 KiB at random places of 256 MiB, 32 connections",
                        Unit.REQUESTS,
                        WITH_LARGE_FILES,
                        MANY,
                        server -> Workloads::randomRange,
                        new Expected(206, PART),
                        settings.warmUpRequests(),
                        settings),
                new Throughput(
                        "Small file: GET of 4 KiB, 32 connections",
                        Unit.REQUESTS,
                        WITH_SMALL_FILES,
                        MANY,
                        same(Connection.get("/small.bin")),
                        new Expected(200, Site.SMALL),
                        settings.warmUpRequests(),
                        settings),
                new Throughput(
                        "Revalidation: 304 of 4 KiB, 32 connections",
                        Unit.REQUESTS,
                        WITH_SMALL_FILES,
                        MANY,
                        Workloads::revalidation,
                        new Expected(304, 0),
                        settings.warmUpRequests(),
                        settings),
                generated("16 KiB", 16 << 10, Unit.REQUESTS, settings),
                generated("1 MiB", 1 << 20, Unit.BYTES, settings),
                new EndOfGenerated(settings),
                new SmallHeap(settings),
                SlowReaders.of("a file", WITH_LARGE_FILES, "/medium.bin", settings),
                SlowReaders.of("a generated body", GENERATING, "/generated?length=" + Site.MEDIUM, settings),
                new ColdFile(settings),
                ProxyThroughput.of(settings),
                new LargeUpload(settings),
                new ManyUploads(settings));
    }

    private static Workload generated(String size, int length, Unit unit, Settings settings) {
        return new Throughput(
                "Generated: " + size + " of undeclared length, 32 connections",
                unit,
                GENERATING,
                MANY,
                same(Connection.get("/generated?length=" + length)),
                new Expected(200, length),
                unit == Unit.REQUESTS ? settings.warmUpRequests() : settings.warmUpRequests() / 50,
                settings);
    }

    private static Function<ServerProcess, Supplier<byte[]>> same(byte[] request) {
        return server -> () -> request;
    }

    private static byte[] randomRange() {
        long first = ThreadLocalRandom.current().nextLong(Site.LARGE - PART);
        return Connection.get("/large.bin", "Range: bytes=" + first + "-" + (first + PART - 1));
    }

    /** By the tag that the server gives, or by the date where it gives none. */
    private static Supplier<byte[]> revalidation(ServerProcess server) {
        try (Connection connection = Connection.open(server.port())) {
            connection.send(Connection.get("/small.bin"));
            ReplyHead head = connection.receive().head();
            byte[] request = head.field("etag")
                    .map(tag -> Connection.get("/small.bin", "If-None-Match: " + tag))
                    .orElseGet(() -> Connection.get(
                            "/small.bin",
                            "If-Modified-Since: " + head.field("last-modified").orElse("")));
            return () -> request;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
