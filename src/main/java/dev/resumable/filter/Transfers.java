// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentOptions.WarmUp;
import dev.resumable.content.ContentResponse;
import dev.resumable.content.EntityTagSource;
import dev.resumable.metrics.TransferEvents;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.stream.Stream;

/**
 * What all exchanges of one filter share, from {@code init} to {@code destroy}.
 *
 * @param config the configuration
 * @param scope tells which requests and responses are meant
 * @param door writes the answers
 * @param doorWithoutRanges writes those of paths where ranges are off
 * @param tags makes the tags of files
 * @param staticFiles finds the files that the container's default servlet would send
 * @param chainFiles finds those of them that go through the chain as they are
 * @param rangeAware tells which servlets want no help
 * @param spools keeps responses until they are complete
 * @param compression offers bodies in gzip
 * @param diagnostics tells the client why
 * @param events is told what becomes of each exchange
 * @param jmx shows the counters
 */
record Transfers(
        RangeConfig config,
        Scope scope,
        ContentResponse door,
        ContentResponse doorWithoutRanges,
        EntityTagSource tags,
        StaticFiles staticFiles,
        ChainFiles chainFiles,
        RangeAwareServlets rangeAware,
        SpoolDirectory spools,
        Compression compression,
        Diagnostics diagnostics,
        TransferEvents events,
        JmxRegistration jmx)
        implements AutoCloseable {

    static Transfers start(RangeConfig config, FilterConfig filterConfig) {
        ServletContext context = filterConfig.getServletContext();
        SpoolDirectory spools = SpoolDirectory.of(config, context);
        FilterCounters counters = new FilterCounters(spools);
        List<TransferEvents> listeners =
                Stream.concat(Stream.of(counters), config.events().stream()).toList();
        EntityTagSource tags = EntityTagSource.of(config.answers());
        StaticFiles staticFiles = new StaticFiles(context, filterConfig.getFilterName(), config.staticFiles());
        if (config.answers().digestWarmUp() == WarmUp.ON) {
            staticFiles.warmUp(tags);
        }
        return new Transfers(
                config,
                new Scope(config.scope()),
                new ContentResponse(config.answers()),
                new ContentResponse(config.answers().withoutRanges()),
                tags,
                staticFiles,
                new ChainFiles(staticFiles, tags),
                new RangeAwareServlets(context, config.rangeAwareServlets()),
                spools,
                new Compression(config.compression(), spools),
                new Diagnostics(config.diagnostics()),
                TransferEvents.all(listeners),
                // Last, so that a start that fails leaves nothing in the view of the whole JVM.
                config.jmx() == RangeConfig.JmxPolicy.ON
                        ? JmxRegistration.of(counters, filterConfig)
                        : JmxRegistration.none());
    }

    @Override
    public void close() {
        jmx.close();
        tags.close();
        spools.close();
    }
}
