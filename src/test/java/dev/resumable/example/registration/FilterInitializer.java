// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.registration;

import dev.resumable.filter.RangeConfig;
import dev.resumable.filter.RangeServletFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registers the filter in code, and once more without async support. */
public final class FilterInitializer implements ServletContainerInitializer {
    @Override
    public void onStartup(@Nullable Set<Class<?>> handled, ServletContext context) {
        register(context, "initializer").setAsyncSupported(true);
        register(context, "blocking").setAsyncSupported(false);
    }

    private static FilterRegistration.Dynamic register(ServletContext context, String name) {
        FilterRegistration.Dynamic range = context.addFilter(name, new RangeServletFilter(RangeConfig.defaults()));
        range.addMappingForUrlPatterns(
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR),
                false,
                "/" + name + "/*");
        return range;
    }
}
