// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.FilterConfig;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The place of one filter in the platform's MBean server, from registration to {@link #close}.
 *
 * <p>Nobody's answers depend on it: where it is not allowed or the name is taken, that is logged and the filter runs.
 */
final class JmxRegistration implements AutoCloseable {

    private static final Logger LOG = System.getLogger(JmxRegistration.class.getName());

    private final Optional<ObjectName> name;

    private JmxRegistration(Optional<ObjectName> name) {
        this.name = name;
    }

    /** No place at all. */
    static JmxRegistration none() {
        return new JmxRegistration(Optional.empty());
    }

    /** Registers a view under the context path and the name of the filter, by which it is unique in one server. */
    static JmxRegistration of(RangeServletFilterMXBean view, FilterConfig filterConfig) {
        try {
            ObjectName name = new ObjectName("dev.resumable:type=RangeServletFilter,context="
                    + ObjectName.quote(filterConfig.getServletContext().getContextPath()) + ",name="
                    + ObjectName.quote(filterConfig.getFilterName()));
            server().registerMBean(view, name);
            return new JmxRegistration(Optional.of(name));
        } catch (JMException | SecurityException e) {
            LOG.log(Level.WARNING, "the filter cannot be seen by JMX: {0}", e.toString());
            return none();
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    @Override
    public void close() {
        if (name.isPresent()) {
            try {
                server().unregisterMBean(name.get());
            } catch (JMException | SecurityException e) {
                LOG.log(Level.WARNING, "the filter stays in the view of JMX: {0}", e.toString());
            }
        }
    }
}
