// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import java.util.Optional;

/**
 * What a {@code RangeServletFilter} can do for a servlet that knows it is there, beyond the Servlet API.
 *
 * <p>A servlet that does not ask is answered for all the same: its bytes are read to their end and dropped, its failure is the
 * container's error page.
 */
public interface FilteredResponse {

    /** The response of a filter, if there is one among those that this one wraps. */
    static Optional<FilteredResponse> in(ServletResponse response) {
        ServletResponse innermost = response;
        while (!(innermost instanceof FilteredResponse) && innermost instanceof ServletResponseWrapper wrapper) {
            innermost = wrapper.getResponse();
        }
        return innermost instanceof FilteredResponse found ? Optional.of(found) : Optional.empty();
    }

    /**
     * Ends the body early if the client has all that it has asked for: a 304, or a 206 whose last range has passed.
     *
     * @return true if so: the servlet may return without writing the rest; false if it has to go on
     */
    boolean endsHere();

    /**
     * Takes everything back, as {@code reset()} does, also if the response says that it is committed.
     *
     * @return true if so: status and fields may be set anew; false if the client has got something already
     */
    boolean takeBack();
}
