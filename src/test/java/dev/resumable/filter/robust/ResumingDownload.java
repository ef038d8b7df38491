// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.testing.Completion;
import dev.resumable.testing.Fault;
import dev.resumable.testing.FaultyLink;
import dev.resumable.testing.LinkPlan;
import dev.resumable.testing.OpenResponse;
import dev.resumable.testing.RawClient;
import dev.resumable.testing.RawRequest;
import dev.resumable.testing.RawResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A client that saves what it got, and asks for the rest under the tag it had, until it has all. */
final class ResumingDownload {

    private final FaultyLink link;
    private final String target;
    private final Path saved;
    private Optional<String> tag = Optional.empty();
    private long length = -1;
    private int resumed;
    private int begunAgain;

    ResumingDownload(FaultyLink link, String target, Path saved) {
        this.link = link;
        this.target = target;
        this.saved = saved;
    }

    /** Answers that went on where the one before had broken off. */
    int resumed() {
        return resumed;
    }

    /** Resumes that were answered by the whole of another state. */
    int begunAgain() {
        return begunAgain;
    }

    /** Asks once more, over a connection that is cut after some bytes; true if the download is complete now. */
    boolean go(long cutAfter) throws IOException {
        link.nextConnection(LinkPlan.toClient(Fault.cutAfter(cutAfter)));
        long have = tag.isPresent() ? Files.size(saved) : 0;
        RawRequest request = tag.map(
                        known -> RawRequest.get(target, "Range: bytes=" + have + "-", "If-Range: " + known))
                .orElseGet(() -> RawRequest.get(target));
        try (RawClient client = RawClient.connect(link.port())) {
            return take(client.open(request), have);
        } catch (EOFException | SocketException e) {
            // Cut before or within the head.
            return false;
        }
    }

    private boolean take(OpenResponse response, long have) throws IOException {
        if (response.head().status() == 206) {
            assertThat(response.head().field("ETag")).isEqualTo(tag);
            assertThat(response.head().field("Content-Range"))
                    .contains("bytes " + have + "-" + (length - 1) + "/" + length);
            resumed++;
            append(response, StandardOpenOption.APPEND);
        } else {
            assertThat(response.head().status()).isEqualTo(200);
            begunAgain += tag.isPresent() ? 1 : 0;
            // A weak tag cannot name the bytes that a range is of: such a download begins anew (RFC 9110 §13.1.5).
            tag = response.head().field("ETag").filter(field -> field.startsWith("\""));
            length = Long.parseLong(response.head().field("Content-Length").orElseThrow());
            append(response, StandardOpenOption.TRUNCATE_EXISTING);
        }
        return Files.size(saved) == length;
    }

    private void append(OpenResponse response, StandardOpenOption option) throws IOException {
        try (OutputStream out =
                Files.newOutputStream(saved, StandardOpenOption.CREATE, StandardOpenOption.WRITE, option)) {
            for (byte[] got = response.takeBody(1 << 16); got.length > 0; got = response.takeBody(1 << 16)) {
                out.write(got);
            }
        }
        RawResponse end = response.abandon();
        assertThat(end.completion()).isNotEqualTo(Completion.TIMED_OUT);
    }
}
