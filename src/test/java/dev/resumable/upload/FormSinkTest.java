// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.PartStored;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadLocks.Urgency;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the end of a form is told with its lock free")
class FormSinkTest {

    private static final byte[] FORM =
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n12345\r\n--b--\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private EngineFixture uploads;
    private BodySink file;
    private FormSink form;
    private String told = "nothing";

    @BeforeEach
    void open() throws IOException {
        uploads = EngineFixture.in(directory);
        UploadId id = uploads.createParts(5, 5);
        form = new FormSink("b", digest -> {
            Reception reception = uploads.engine.part(
                    id, OWNER, PROTOCOL, new PartRequest(1, OptionalLong.empty(), BodyDigests.none()));
            file = EngineFixture.open(reception);
            return reception;
        });
        form.whenEnded(outcome -> told = lock());
    }

    @AfterEach
    void close() throws IOException {
        uploads.close();
    }

    /** Whether another thread can have the lock. */
    private String lock() {
        FutureTask<UploadOutcome> other = new FutureTask<>(form::outcome);
        new Thread(other, "other").start();
        try {
            other.get(30, TimeUnit.SECONDS);
            return "free";
        } catch (TimeoutException e) {
            return "held";
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    @DisplayName("when all of it has come")
    void whole() {
        assertThat(form.write(FORM, 0, FORM.length)).isTrue();
        assertThat(form.end(Ending.WHOLE)).isInstanceOf(PartStored.class);

        assertThat(told).isEqualTo("free");
    }

    @Test
    @DisplayName("when its file is refused on the way")
    void refused() {
        byte[] long1 = new String(FORM, StandardCharsets.US_ASCII)
                .replace("12345", "123456")
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(form.write(long1, 0, long1.length)).isFalse();

        assertThat(problem(form.outcome())).isEqualTo(UploadProblem.WRONG_PART_SIZE);
        assertThat(told).isEqualTo("free");
    }

    @Test
    @DisplayName("when another request takes its file over")
    void takenOver() {
        assertThat(form.write(FORM, 0, FORM.length - 10)).isTrue();
        file.askedToLetGo(Urgency.NOW);

        assertThat(problem(form.outcome())).isEqualTo(UploadProblem.TAKEN_OVER);
        assertThat(told).isEqualTo("free");
    }
}
