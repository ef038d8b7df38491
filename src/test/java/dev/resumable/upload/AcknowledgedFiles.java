// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.RawResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The files that a server has acknowledged: they and no others are there, each once, with all of their bytes. */
final class AcknowledgedFiles {

    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /** A file is complete. */
    void add(String href, byte[] content) {
        hashes.put(href, hex(content));
        count.incrementAndGet();
    }

    /** How many there were, also of those that were deleted. */
    int count() {
        return count.get();
    }

    /** Compares them with what the server has, and deletes them. */
    @SuppressWarnings("unchecked")
    void checkAndDelete(PartsClient client) throws IOException {
        Map<String, String> there = new HashMap<>();
        for (Object file :
                (List<Object>) json(client.get(client.base() + "/files/")).get("files")) {
            Map<String, Object> members = (Map<String, Object>) file;
            RawResponse bytes = client.get(members.get("href").toString());
            assertThat(bytes.sha256())
                    .as("bytes of a file, answered %s: %s", bytes.status(), bytes)
                    .isEqualTo(members.get("sha256"));
            there.put(members.get("href").toString(), bytes.sha256());
        }
        assertThat(there).as("files").isEqualTo(hashes);
        for (String href : there.keySet()) {
            assertThat(client.send("DELETE", href).status()).isEqualTo(204);
        }
        hashes.clear();
    }
}
