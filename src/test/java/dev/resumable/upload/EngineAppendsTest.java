// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.EngineFixture.problem;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static dev.resumable.upload.PartsClient.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What an append keeps, and when it completes an upload, for any protocol. */
class EngineAppendsTest extends EngineTestBase {

    @Test
    void appendsMoveTheOffsetAndTheLastByteCompletes() throws IOException {
        byte[] whole = bytes(1, 300_000);
        UploadId id = uploads.create(OptionalLong.of(whole.length));

        UploadOutcome first = uploads.append(id, 0, Arrays.copyOf(whole, 100_000));
        assertThat(((Advanced) first).state().offset()).isEqualTo(100_000);
        UploadOutcome last = uploads.append(id, 100_000, Arrays.copyOfRange(whole, 100_000, 300_000));

        StoredFile file = ((Completed) last).file();
        assertThat(file.sha256()).isEqualTo(hex(whole));
        assertThat(file.size()).isEqualTo(300_000);
        try (var in = uploads.store.bodies().open(file.blob(), 0, file.size())) {
            assertThat(in.readAllBytes()).isEqualTo(whole);
        }
    }

    @Test
    void anAppendAtAnotherOffsetIsRefused() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        uploads.append(id, 0, bytes(1, 10));

        for (long offset : new long[] {0, 9, 11}) {
            UploadOutcome.Failed failed = (UploadOutcome.Failed) uploads.append(id, offset, bytes(1, 1));
            assertThat(failed.problem()).isEqualTo(UploadProblem.OFFSET_MISMATCH);
            assertThat(failed.members()).containsEntry("expected-offset", 10L);
        }
        assertThat(uploads.look(id).offset()).isEqualTo(10);
    }

    @Test
    void whatCameBeforeACutIsKept() throws IOException {
        byte[] whole = bytes(2, 100_000);
        UploadId id = uploads.create(OptionalLong.of(whole.length));

        BodySink sink = uploads.append(id, 0);
        sink.write(whole, 0, 60_000);
        sink.end(Ending.CUT_OFF);

        assertThat(uploads.look(id).offset()).isEqualTo(60_000);
        assertThat(uploads.bytes(uploads.look(id))).isEqualTo(Arrays.copyOf(whole, 60_000));
        UploadOutcome last = uploads.append(id, 60_000, Arrays.copyOfRange(whole, 60_000, 100_000));
        assertThat(((Completed) last).file().sha256()).isEqualTo(hex(whole));
    }

    @Test
    void whatMustBeCheckedIsKeptWholeOrNotAtAll() throws IOException {
        byte[] body = bytes(3, 50_000);
        UploadId id = uploads.create(OptionalLong.empty());
        BodyDigests right = BodyDigests.of(Map.of(DigestAlgorithm.SHA_256, sha256(body)));

        BodySink cut = EngineFixture.open(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, right)));
        cut.write(body, 0, 40_000);
        cut.checkpoint();
        cut.end(Ending.CUT_OFF);
        assertThat(uploads.look(id).offset()).isZero();

        BodyDigests wrong = BodyDigests.of(Map.of(DigestAlgorithm.MD5, new byte[16]));
        UploadOutcome mismatch =
                EngineFixture.whole(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, wrong)), body);
        assertThat(problem(mismatch)).isEqualTo(UploadProblem.DIGEST_MISMATCH);
        assertThat(uploads.look(id).offset()).isZero();

        BodyDigests again = BodyDigests.of(Map.of(DigestAlgorithm.SHA_256, sha256(body)));
        EngineFixture.whole(uploads.engine.append(id, OWNER, PROTOCOL, EngineFixture.at(0, again)), body);
        assertThat(uploads.look(id).offset()).isEqualTo(50_000);
    }

    @Test
    void aBodyBeyondTheLengthIsCutThere() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));

        UploadOutcome outcome = uploads.append(id, 0, bytes(4, 150));

        assertThat(problem(outcome)).isEqualTo(UploadProblem.TOO_LARGE);
        assertThat(uploads.look(id).offset()).isEqualTo(100);
        assertThat(uploads.look(id).sha256()).contains(hex(Arrays.copyOf(bytes(4, 150), 100)));
    }

    @Test
    void whereTheLengthDecidesABodyWithoutItsEndCompletes() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(4, 100), 0, 100);

        assertThat(sink.end(Ending.CUT_OFF)).isInstanceOf(UploadOutcome.Completed.class);

        assertThat(uploads.look(id).status()).isEqualTo(UploadStatus.COMPLETE);
    }

    @Test
    void theLengthMayComeLaterButOnlyOnce() throws IOException {
        UploadId id = uploads.create(OptionalLong.empty());
        uploads.append(id, 0, bytes(5, 10));

        assertThat(problem(announce(id, 10, 5))).isEqualTo(UploadProblem.INCONSISTENT_LENGTH);
        assertThat(announce(id, 10, 20)).isInstanceOf(Advanced.class);
        assertThat(uploads.look(id).length()).hasValue(20);
        assertThat(problem(announce(id, 10, 21))).isEqualTo(UploadProblem.INCONSISTENT_LENGTH);
    }

    private UploadOutcome announce(UploadId id, long offset, long length) throws IOException {
        return EngineFixture.whole(
                uploads.engine.append(
                        id,
                        OWNER,
                        PROTOCOL,
                        new AppendRequest(
                                offset,
                                OptionalLong.of(length),
                                OptionalLong.empty(),
                                BodyDigests.none(),
                                Finality.OPEN)),
                new byte[0]);
    }

    @Test
    void theLastAppendCompletesAnUploadOfUnknownLength() throws IOException {
        UploadId id = EngineFixture.created(uploads.engine.create(
                EngineFixture.plan(OWNER, Completion.ASKED, Optional.empty()), OptionalLong.empty()));
        uploads.append(id, 0, bytes(6, 10));

        UploadOutcome outcome = EngineFixture.whole(
                uploads.engine.append(
                        id,
                        OWNER,
                        PROTOCOL,
                        new AppendRequest(
                                10, OptionalLong.empty(), OptionalLong.empty(), BodyDigests.none(), Finality.LAST)),
                bytes(7, 5));

        assertThat(((Completed) outcome).file().size()).isEqualTo(15);
        assertThat(uploads.look(id).length()).hasValue(15);
        assertThat(problem(uploads.append(id, 15, bytes(7, 5)))).isEqualTo(UploadProblem.ALREADY_COMPLETE);
    }

    @Test
    void lookingMakesDurableWhatCameSoFar() throws IOException {
        UploadId id = uploads.create(OptionalLong.of(100));
        BodySink sink = uploads.append(id, 0);
        sink.write(bytes(8, 100), 0, 40);

        assertThat(uploads.look(id).offset()).isEqualTo(40);

        sink.write(bytes(8, 100), 40, 60);
        assertThat(((Completed) sink.end(Ending.WHOLE)).file().sha256()).isEqualTo(hex(bytes(8, 100)));
    }
}
