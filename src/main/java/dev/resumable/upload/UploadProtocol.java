// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.UploadOutcome.Failed;
import java.io.IOException;
import java.util.Set;

/** One way of speaking about uploads: from fields and bodies to calls of the engine, and from its outcomes to answers. */
interface UploadProtocol {

    /** The name by which uploads remember who created them. */
    String name();

    /** Whether a request is of this protocol: by its fields or, if it has none that tell, by what it asks for. */
    boolean recognises(UploadExchange exchange) throws IOException;

    /** Answers a request of this protocol, now or, after it has started async processing, later. */
    void handle(UploadExchange exchange) throws IOException;

    /** Tells a request, which would change an upload of this protocol in another one, what it lacks. */
    void refuse(UploadExchange exchange, Failed wrongProtocol) throws IOException;

    /** Adds to the answer of OPTIONS what this protocol can do. */
    void announce(UploadExchange exchange);

    /** The request fields that pages of other origins may send. */
    Set<String> requestFields();

    /** The response fields that pages of other origins may read. */
    Set<String> responseFields();
}
