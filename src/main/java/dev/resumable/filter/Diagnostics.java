// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.http.RangeOutcome;
import dev.resumable.metrics.PassReason;
import dev.resumable.servlet.InitParameters;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Says in a response field what was made of a request, for those who have to find out why.
 *
 * <p>The field is an Item of RFC 9651: a Token with one parameter that is a Token as well. All words are the library's own;
 * nothing of the application or the request is repeated.
 */
final class Diagnostics {

    static final String FIELD = "Range-Diagnostics";

    private final RangeConfig.DiagnosticsPolicy policy;

    Diagnostics(RangeConfig.DiagnosticsPolicy policy) {
        this.policy = policy;
    }

    /** Says of an answer of ours where its bytes come from, and what became of the ranges. */
    void answering(HttpServletResponse response, BodyKind kind, RangeOutcome range) {
        if (isOn()) {
            say(response, InitParameters.spelling(kind) + ";range=" + InitParameters.spelling(range));
        }
    }

    /** Says why a response passes untouched. */
    void passing(HttpServletResponse response, PassReason reason) {
        if (isOn()) {
            say(response, "untouched;reason=" + InitParameters.spelling(reason));
        }
    }

    private boolean isOn() {
        return policy == RangeConfig.DiagnosticsPolicy.ON;
    }

    private static void say(HttpServletResponse response, String value) {
        if (!response.isCommitted()) {
            response.setHeader(FIELD, value);
        }
    }
}
