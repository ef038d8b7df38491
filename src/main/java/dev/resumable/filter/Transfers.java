// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentResponse;
import dev.resumable.content.EntityTagSource;
import dev.resumable.content.FileContent;
import jakarta.servlet.FilterConfig;

/**
 * What all exchanges of one filter share, from {@code init} to {@code destroy}.
 *
 * @param config the configuration
 * @param door writes the answers
 * @param tags makes the tags of files
 * @param files sends files
 * @param staticFiles finds the files that the container's default servlet would send
 * @param rangeAware tells which servlets want no help
 * @param spools keeps responses until they are complete
 */
record Transfers(
        RangeConfig config,
        ContentResponse door,
        EntityTagSource tags,
        FileContent files,
        StaticFiles staticFiles,
        RangeAwareServlets rangeAware,
        SpoolDirectory spools)
        implements AutoCloseable {

    static Transfers start(RangeConfig config, FilterConfig filterConfig) {
        ContentResponse door = new ContentResponse(config.answers());
        EntityTagSource tags = EntityTagSource.of(config.answers());
        return new Transfers(
                config,
                door,
                tags,
                new FileContent(door, tags),
                new StaticFiles(filterConfig.getServletContext(), filterConfig.getFilterName(), config.staticFiles()),
                new RangeAwareServlets(filterConfig.getServletContext(), config.rangeAwareServlets()),
                SpoolDirectory.of(config, filterConfig.getServletContext()));
    }

    @Override
    public void close() {
        tags.close();
        spools.close();
    }
}
