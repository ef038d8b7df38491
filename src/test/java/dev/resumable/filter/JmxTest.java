// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.resumable.filter.RangeConfig.JmxPolicy;
import dev.resumable.testing.Bytes;
import dev.resumable.testing.ContainerKind;
import dev.resumable.testing.ContainerSource;
import dev.resumable.testing.EmbeddedContainer;
import dev.resumable.testing.FilterEntry;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.WebApp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Counters and gauges as a monitoring tool reads them. */
@DisplayName("the JMX view of a filter")
final class JmxTest {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    @TempDir
    private Path root;

    private final CountDownLatch release = new CountDownLatch(1);

    /** As the documentation writes it; "ranges" is what FilteredApp calls its filter. */
    private static ObjectName name(String context) throws MalformedObjectNameException {
        return new ObjectName("dev.resumable:type=RangeServletFilter,context=\"" + context + "\",name=\"ranges\"");
    }

    private static RangeServletFilterMXBean view(String context) throws MalformedObjectNameException {
        return JMX.newMXBeanProxy(SERVER, name(context), RangeServletFilterMXBean.class);
    }

    /** One container starts a filter at its first request. */
    private static RangeServletFilterMXBean started(EmbeddedContainer container, String context) throws Exception {
        container.get(context + "/send").assertComplete();
        return view(context);
    }

    private WebApp app(String context, RangeConfig.Builder config) {
        return FilteredApp.with(config.build())
                .servlet("/send", (request, response) -> {
                    if (request.getQueryString() != null) {
                        response.setHeader("Cache-Control", request.getQueryString());
                    }
                    response.getOutputStream().write(Bytes.pattern(1000));
                })
                .servlet(
                        "/large",
                        (request, response) -> response.getOutputStream().write(Bytes.pattern(60_000)))
                .servlet(
                        "/huge",
                        (request, response) -> response.getOutputStream().write(Bytes.pattern(90_000)))
                .servlet("/fail", (request, response) -> {
                    throw new IOException("as the test wants it");
                })
                .servlet("/held", (request, response) -> {
                    response.getOutputStream().write(Bytes.pattern(40_000));
                    response.flushBuffer();
                    awaitRelease();
                })
                .app()
                .contextPath(context)
                .documentRoot(root);
    }

    private void awaitRelease() {
        try {
            assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RangeConfig.Builder small() {
        return RangeConfig.builder()
                .spoolHeap(50_000)
                .spoolHeapTotalSize(OptionalLong.of(70_000))
                .spoolFileSize(80_000)
                .spoolTotalSize(1_000_000);
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("counts what was done, and goes when the application does")
    void counts(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = kind.start(app("/counted", small()))) {
            container.get("/counted/send");
            container.get("/counted/send", "Range: bytes=0-99");
            container.get("/counted/large", "Range: bytes=0-99");
            container.get("/counted/send", "If-None-Match: *");
            container.get("/counted/send", "If-Match: \"x\"");
            container.get("/counted/send", "Range: bytes=1000-");
            container.get("/counted/send", "Range: bytes=" + "0-0,".repeat(300) + "1-1");
            container.get("/counted/send?no-store");
            container.get("/counted/huge");
            container.get("/counted/fail");
            RangeServletFilterMXBean view = view("/counted");
            // A client has its answer before the exchange is counted.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertCounted(view));
            assertNothingIsHeld(view);
        }
        assertThat(SERVER.isRegistered(name("/counted"))).isFalse();
    }

    private static void assertCounted(RangeServletFilterMXBean view) {
        assertThat(view.getFailedExchanges()).isEqualTo(1);
        assertThat(view.getAnswers200()).isEqualTo(2);
        assertThat(view.getAnswers206()).isEqualTo(2);
        assertThat(view.getAnswers304()).isEqualTo(1);
        assertThat(view.getAnswers412()).isEqualTo(1);
        assertThat(view.getAnswers416()).isEqualTo(1);
        assertThat(view.getUntouched()).isEqualTo(2);
        assertThat(view.getUntouchedByReason())
                .containsEntry("no-store", 1L)
                .containsEntry("too-long", 1L)
                .containsEntry("spool-full", 0L);
        assertThat(view.getSpoolsGivenUp()).isEqualTo(1);
        assertThat(view.getSpoolsGivenUpByReason()).containsEntry("too-long", 1L);
        assertThat(view.getSpoolsInHeap()).isEqualTo(6);
        assertThat(view.getSpoolsOnDisk()).isEqualTo(1);
        assertThat(view.getRefusedRangeSets()).isEqualTo(1);
        assertThat(view.getBytesSent()).isEqualTo(2 * 1000 + 2 * 100 + 1000 + 90_000);
        assertThat(view.getBytesSaved()).isEqualTo(900 + 59_900 + 1000);
        assertThat(view.getAbortedClients()).isZero();
    }

    private static void assertNothingIsHeld(RangeServletFilterMXBean view) {
        await().untilAsserted(() -> {
            assertThat(view.getOpenSpools()).isZero();
            assertThat(view.getSpoolHeapBytes()).isZero();
            assertThat(view.getSpoolDiskBytes()).isZero();
        });
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("shows what is held: the heap of all spools together ends where it is set to, the rest is on disk")
    void gauges(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = kind.start(app("/held", small()))) {
            RangeServletFilterMXBean view = started(container, "/held");
            assertThat(view.getSpoolHeapLimit()).isEqualTo(70_000);
            assertThat(view.getSpoolDiskLimit()).isEqualTo(1_000_000);
            try (RawClient first = container.connect().send(RawRequest.get("/held/held"));
                    RawClient second = container.connect().send(RawRequest.get("/held/held"))) {
                await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                    assertThat(view.getOpenSpools()).isEqualTo(2);
                    assertThat(view.getSpoolHeapBytes()).isEqualTo(40_000);
                    assertThat(view.getSpoolDiskBytes()).isEqualTo(40_000);
                });
                release.countDown();
                first.read("GET").assertComplete();
                second.read("GET").assertComplete();
            }
            assertNothingIsHeld(view);
        }
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("has a name for each context; one that is taken stops no filter, and is not taken away")
    void names(ContainerKind kind) throws Exception {
        try (EmbeddedContainer one = kind.start(app("/one", small()));
                EmbeddedContainer two = kind.start(app("/two", small()))) {
            RangeServletFilterMXBean viewOfOne = started(one, "/one");
            RangeServletFilterMXBean viewOfTwo = started(two, "/two");
            try (EmbeddedContainer again = kind.start(app("/one", small()))) {
                assertThat(again.get("/one/send", "Range: bytes=0-0").status()).isEqualTo(206);
            }
            one.get("/one/send", "If-None-Match: *").assertComplete();
            await().untilAsserted(() -> assertThat(viewOfOne.getAnswers304()).isEqualTo(1));
            assertThat(viewOfOne.getAnswers206()).isZero();
            assertThat(viewOfTwo.getAnswers304()).isZero();
        }
        assertThat(SERVER.isRegistered(name("/one"))).isFalse();
        assertThat(SERVER.isRegistered(name("/two"))).isFalse();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("is not there where it is switched off, or the filter did not start")
    void absent(ContainerKind kind) throws Exception {
        try (EmbeddedContainer container = kind.start(app("/off", small().jmx(JmxPolicy.OFF)))) {
            assertThat(container.get("/off/send").status()).isEqualTo(200);
            assertThat(SERVER.isRegistered(name("/off"))).isFalse();
        }
        WebApp broken = new WebApp()
                .contextPath("/broken")
                .filter(FilterEntry.of("ranges", new RangeServletFilter(), "/*").param("jmx", "maybe"));
        try (EmbeddedContainer container = kind.start(broken)) {
            // Only where a filter starts at its first request.
            assertThat(container.get("/broken/send").status()).isEqualTo(500);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("did not start");
        }
        assertThat(SERVER.isRegistered(name("/broken"))).isFalse();
    }

    @ParameterizedTest
    @ContainerSource
    @DisplayName("counts spools that the disk did not take")
    void faults(ContainerKind kind) throws Exception {
        Path noDirectory = Files.writeString(root.resolve("no-directory"), "");
        RangeConfig.Builder config = small().spoolDirectory(Optional.of(noDirectory));
        try (EmbeddedContainer container = kind.start(app("/faults", config))) {
            RangeServletFilterMXBean view = view("/faults");
            container.get("/faults/large").assertComplete();
            await().untilAsserted(() -> assertThat(view.getUntouchedByReason()).containsEntry("disk-failed", 1L));
            assertThat(view.getSpoolsGivenUpByReason()).isEqualTo(onlyOne(view, "disk-failed"));
            assertNothingIsHeld(view);
        }
    }

    private static Map<String, Long> onlyOne(RangeServletFilterMXBean view, String word) {
        Map<String, Long> expected = new TreeMap<>(view.getUntouchedByReason());
        expected.replaceAll((key, count) -> key.equals(word) ? 1L : 0L);
        return expected;
    }
}
