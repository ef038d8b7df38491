// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** The request as an error page sees it: ranges and conditions were about the resource that failed. */
final class ErrorPageRequest extends FieldHidingRequest {

    ErrorPageRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    List<String> shown(String name) {
        return List.of();
    }
}
