// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example.registration;

import dev.resumable.filter.RangeServletFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.annotation.WebFilter;

/** The filter, registered by annotation. */
@WebFilter(
        urlPatterns = "/annotation/*",
        asyncSupported = true,
        dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC, DispatcherType.ERROR})
public final class AnnotatedFilter extends RangeServletFilter {}
