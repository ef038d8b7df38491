// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import static dev.resumable.example.ClientProgram.CURL;
import static dev.resumable.example.ClientProgram.WGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.example.ClientProgram.Outcome;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ExecutableWar;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** curl and wget, over a link that breaks, from the executable WAR. */
@Timeout(240)
@DisplayName("a download by curl or wget")
final class RealClientsIT {
    private static final int BIG = 40 * 1024 * 1024 + 13;
    /** For the heads of the answers, over all connections of a test. */
    private static final int HEADS = 16 * 1024;
    /** curl's codes: a body that ended early, and a server that would not resume. */
    private static final int CURL_PARTIAL_FILE = 18;

    private static final int CURL_NO_RESUME = 33;

    @TempDir
    static Path served;

    private static ExecutableWar war;

    @TempDir
    Path directory;

    private FaultyLink link;

    /** What is downloaded: all of it bytes of {@link Bytes}. */
    enum Download {
        FILE("files/big.bin", BIG),
        STATIC("static/bytes-200000.bin", 200_000),
        GENERATED("demo/bytes/40000000", 40_000_000),
        ASYNC("demo/async/40000000", 40_000_000);

        private final String path;
        private final long length;

        Download(String path, long length) {
            this.path = path;
            this.length = length;
        }

        String sha256() {
            return Bytes.sha256(0, length);
        }
    }

    @BeforeAll
    static void startServer() throws IOException {
        Path files = Files.createDirectory(served.resolve("files"));
        ExampleWar.writePattern(files.resolve("big.bin"), BIG);
        war = ExecutableWar.start(ExampleWar.path(), files);
    }

    @AfterAll
    static void stopServer() {
        war.close();
    }

    @BeforeEach
    void openLink() throws IOException {
        link = FaultyLink.to(war.port());
    }

    @AfterEach
    void closeLink() {
        link.close();
    }

    private String url(Download download) {
        return url(download.path);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + link.port() + "/" + path;
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static String sha256(Path file) throws IOException {
        return Bytes.sha256(Files.readAllBytes(file));
    }

    private void cutNextAfter(long bytes) {
        link.nextConnection(LinkPlan.toClient(Fault.cutAfter(bytes)));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("goes on by curl -C - where it was cut, as often as it was cut")
    void curlContinues(Download download) throws Exception {
        cutNextAfter(download.length / 2);
        cutNextAfter(download.length / 4);

        Outcome first = CURL.run(directory, "-o", "copy", url(download));
        assertThat(first.exit()).as(first.err()).isEqualTo(CURL_PARTIAL_FILE);
        long have = Files.size(file("copy"));
        assertThat(have).isBetween(download.length / 2 - HEADS, download.length / 2);
        assertThat(CURL.run(directory, "-C", "-", "-o", "copy", url(download)).exit())
                .isEqualTo(CURL_PARTIAL_FILE);
        assertThat(Files.size(file("copy"))).isGreaterThan(have);
        CURL.run(directory, "-C", "-", "-o", "copy", url(download)).assertSuccess();

        assertThat(sha256(file("copy"))).isEqualTo(download.sha256());
        assertThat(link.bytesToClient()).as("no byte was sent twice").isLessThan(download.length + HEADS);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("goes on by wget -c where it was cut, and by wget's own retries")
    void wgetContinues(Download download) throws Exception {
        cutNextAfter(download.length / 2);
        Outcome first = WGET.run(directory, "--tries=1", "-O", "copy", url(download));
        assertThat(first.exit()).as(first.err()).isNotZero();
        assertThat(Files.size(file("copy"))).isBetween(download.length / 2 - HEADS, download.length / 2);

        cutNextAfter(download.length / 4);
        WGET.run(directory, "--tries=3", "--waitretry=0", "-c", "-O", "copy", url(download))
                .assertSuccess();

        assertThat(sha256(file("copy"))).isEqualTo(download.sha256());
        assertThat(link.connections()).isEqualTo(3);
        assertThat(link.bytesToClient()).as("no byte was sent twice").isLessThan(download.length + HEADS);
    }

    @Test
    @DisplayName("goes on after the client was killed")
    void killedClient() throws Exception {
        Process first = CURL.start(
                directory, file("out"), file("err"), "--limit-rate", "10M", "-o", "copy", url(Download.GENERATED));
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> sizeOf(file("copy")) > 1_000_000);
        } finally {
            first.destroyForcibly().waitFor();
        }
        assertThat(Files.size(file("copy"))).isLessThan(Download.GENERATED.length);

        CURL.run(directory, "-C", "-", "-o", "copy", url(Download.GENERATED)).assertSuccess();
        assertThat(sha256(file("copy"))).isEqualTo(Download.GENERATED.sha256());
    }

    private static long sizeOf(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("goes on after the server was killed and started again, under the same tag")
    void killedServer(Download download) throws Exception {
        cutNextAfter(download.length / 2);
        CURL.run(directory, "-D", "head", "-o", "copy", url(download));
        String tag = tagIn(file("head"));
        war.kill9();
        war.restart();

        CURL.run(directory, "-H", "If-Range: " + tag, "-C", "-", "-o", "copy", url(download))
                .assertSuccess();

        assertThat(sha256(file("copy"))).isEqualTo(download.sha256());
        assertThat(link.bytesToClient()).as("no byte was sent twice").isLessThan(download.length + HEADS);
    }

    private static String tagIn(Path head) throws IOException {
        return Files.readAllLines(head).stream()
                .filter(line -> line.regionMatches(true, 0, "ETag: ", 0, 6))
                .map(line -> line.substring(6).strip())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is nothing to do for curl and wget when all is there: 416 tells the length")
    void complete(Download download) throws Exception {
        long start = link.bytesToClient();
        CURL.run(directory, "-o", "copy", url(download)).assertSuccess();
        // The link counts after it has written: curl may be gone before the last bytes are counted.
        await().until(() -> link.bytesToClient() >= start + download.length);
        long before = link.bytesToClient();

        WGET.run(directory, "-c", "-O", "copy", url(download)).assertSuccess();
        Outcome again = CURL.run(directory, "-C", "-", "-o", "copy", "-w", "%{http_code}", url(download));

        assertThat(again.out()).isEqualTo("416");
        assertThat(link.bytesToClient() - before).isLessThan(HEADS);
        assertThat(sha256(file("copy"))).isEqualTo(download.sha256());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("may be of some ranges by curl -r")
    void ranges(Download download) throws Exception {
        CURL.run(directory, "-o", "first", "-r", "0-0", url(download)).assertSuccess();
        CURL.run(directory, "-o", "middle", "-r", "100000-100999", url(download))
                .assertSuccess();
        CURL.run(directory, "-o", "last", "-r", "-77", url(download)).assertSuccess();
        CURL.run(directory, "-o", "open", "-r", (download.length - 5) + "-", url(download))
                .assertSuccess();

        assertThat(Files.readAllBytes(file("first"))).isEqualTo(Bytes.slice(0, 1));
        assertThat(Files.readAllBytes(file("middle"))).isEqualTo(Bytes.slice(100_000, 1_000));
        assertThat(Files.readAllBytes(file("last"))).isEqualTo(Bytes.slice(download.length - 77, 77));
        assertThat(Files.readAllBytes(file("open"))).isEqualTo(Bytes.slice(download.length - 5, 5));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("by two connections at once joins to the whole")
    void segments(Download download) throws Exception {
        long half = download.length / 2;
        CURL.run(directory, "-Z", "-r", "0-" + (half - 1), "-o", "a", url(download))
                .assertSuccess();
        CURL.run(directory, "-r", half + "-", "-o", "b", url(download)).assertSuccess();
        byte[] all = Arrays.copyOf(Files.readAllBytes(file("a")), (int) download.length);
        byte[] rest = Files.readAllBytes(file("b"));
        System.arraycopy(rest, 0, all, (int) half, rest.length);

        assertThat(Bytes.sha256(all)).isEqualTo(download.sha256());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is the same with --compressed, whole and in part: a part is never coded")
    void compressed(Download download) throws Exception {
        CURL.run(directory, "--compressed", "-o", "copy", url(download)).assertSuccess();
        CURL.run(directory, "--compressed", "-r", "1000-1999", "-o", "part", url(download))
                .assertSuccess();

        assertThat(sha256(file("copy"))).isEqualTo(download.sha256());
        assertThat(Files.readAllBytes(file("part"))).isEqualTo(Bytes.slice(1_000, 1_000));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is not sent again by --etag-compare")
    void etagCompare(Download download) throws Exception {
        CURL.run(directory, "--etag-save", "tag", "-o", "copy", url(download)).assertSuccess();
        Outcome again =
                CURL.run(directory, "--etag-compare", "tag", "-o", "again", "-w", "%{http_code}", url(download));

        assertThat(again.assertSuccess().out()).isEqualTo("304");
        assertThat(sha256(file("copy"))).isEqualTo(download.sha256());
        assertThat(sizeOf(file("again"))).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FILE", "STATIC"})
    @DisplayName("of a file is not sent again by curl -z and wget -N")
    void timeConditions(Download download) throws Exception {
        CURL.run(directory, "-R", "-o", "copy", url(download)).assertSuccess();
        Outcome again = CURL.run(directory, "-z", "copy", "-o", "again", "-w", "%{http_code}", url(download));
        assertThat(again.assertSuccess().out()).isEqualTo("304");
        assertThat(CURL.run(directory, "-z", "1 Jan 2000", "-o", "again", "-w", "%{http_code}", url(download))
                        .out())
                .isEqualTo("200");

        WGET.run(directory, "-N", url(download)).assertSuccess();
        long before = link.bytesToClient();
        WGET.run(directory, "-N", url(download)).assertSuccess();
        assertThat(link.bytesToClient() - before).isLessThan(HEADS);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_000_000, 2_000_000, 500_000})
    @DisplayName("never mixes two files when the client names the one that it began with")
    void replacedWithIfRange(long newLength) throws Exception {
        Path file = served.resolve("files/replaced.bin");
        String tag = beginThenReplace(file, newLength);

        // To a 200 where it asked for the rest, curl says that it cannot resume, and leaves its file alone.
        Outcome refused =
                CURL.run(directory, "-H", "If-Range: " + tag, "-C", "-", "-o", "copy", url("files/replaced.bin"));
        assertThat(refused.exit()).as(refused.err()).isEqualTo(CURL_NO_RESUME);
        assertThat(Files.readAllBytes(file("copy"))).isEqualTo(Bytes.pattern((int) Files.size(file("copy"))));

        CURL.run(directory, "-o", "copy", url("files/replaced.bin")).assertSuccess();
        assertThat(sha256(file("copy"))).isEqualTo(sha256(file));
    }

    /**
     * Neither {@code curl -C -} nor {@code wget -c} send If-Range: their request does not say which state they began with,
     * and the part that they ask for of the new one is the only right answer (RFC 9110 §14.2). They paste it. The server
     * does what it can: the part carries another tag than the one they were given, and says the new length.
     */
    @ParameterizedTest
    @EnumSource
    @DisplayName("without If-Range gets a part of the new file, under the tag of the new file")
    void replacedWithoutIfRange(ClientProgram program) throws Exception {
        Path file = served.resolve("files/replaced.bin");
        String tag = beginThenReplace(file, 3_000_000);
        long have = Files.size(file("copy"));

        String head = program == CURL
                ? CURL.run(directory, "-C", "-", "-o", "copy", "-D", "-", url("files/replaced.bin"))
                        .assertSuccess()
                        .out()
                : WGET.run(directory, "-S", "-c", "-O", "copy", url("files/replaced.bin"))
                        .assertSuccess()
                        .err();

        assertThat(head).contains("206", "Content-Range: bytes " + have + "-2999999/3000000", "ETag: \"");
        assertThat(head).doesNotContain(tag);
        byte[] pasted = Files.readAllBytes(file("copy"));
        byte[] current = Files.readAllBytes(file);
        assertThat(Arrays.mismatch(pasted, 0, (int) have, Bytes.pattern((int) have), 0, (int) have))
                .isEqualTo(-1);
        assertThat(Arrays.mismatch(pasted, (int) have, 3_000_000, current, (int) have, 3_000_000))
                .isEqualTo(-1);
    }

    /** Downloads about 1 MB of a file of 2 MB, then puts other bytes in its place; gives the tag of the first. */
    private String beginThenReplace(Path file, long newLength) throws Exception {
        ExampleWar.writePattern(file, 2_000_000);
        cutNextAfter(1_000_000);
        Outcome begun = CURL.run(directory, "-D", "head", "-o", "copy", url("files/replaced.bin"));
        assertThat(begun.exit()).isEqualTo(CURL_PARTIAL_FILE);
        Path next = Files.write(served.resolve("next"), Bytes.random(7, (int) newLength));
        Files.setLastModifiedTime(next, FileTime.from(ExampleWar.MODIFIED.plusSeconds(60)));
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        return tagIn(file("head"));
    }

    /** What is different each time can be resumed only if the server keeps it; else it is honestly begun again. */
    @Test
    @DisplayName("of a report that is different each time is begun again, not pasted")
    void report() throws Exception {
        cutNextAfter(300_000);
        CURL.run(directory, "-D", "head", "-o", "copy", url("demo/report"));
        byte[] begun = Files.readAllBytes(file("copy"));

        Outcome refused = CURL.run(
                directory, "-H", "If-Range: " + tagIn(file("head")), "-C", "-", "-o", "copy", url("demo/report"));

        assertThat(refused.exit()).as(refused.err()).isEqualTo(CURL_NO_RESUME);
        assertThat(Files.readAllBytes(file("copy"))).isEqualTo(begun);
    }
}
