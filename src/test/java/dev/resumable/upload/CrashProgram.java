// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.EngineFixture.CatalogueKind;
import dev.resumable.upload.UploadOutcome.Advanced;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.PartStored;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The program of a process that is killed: goes on with what is in the directory, appends and puts parts of random sizes,
 * completes, and prints a line for each thing that was acknowledged.
 *
 * <p>The bytes of an upload follow from its id, so that whoever reads them later knows what they must be.
 */
final class CrashProgram {

    static final int LENGTH = 3_000_000;
    static final int PART = 400_000;

    private final EngineFixture uploads;
    private final Random random = new Random();

    private CrashProgram(EngineFixture uploads) {
        this.uploads = uploads;
    }

    /** Takes the directory and the kind of its catalogue; never ends by itself. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        EngineFixture uploads = EngineFixture.in(directory, CatalogueKind.valueOf(arguments[1]));
        uploads.engine.sweep();
        say("started");
        CrashProgram program = new CrashProgram(uploads);
        while (true) {
            program.append(program.unfinished(false));
            program.parts(program.unfinished(true));
        }
    }

    /** The bytes that an upload of this id consists of. */
    static byte[] content(UploadId id) {
        return PartsClient.bytes(id.value().hashCode(), LENGTH);
    }

    private @Nullable UploadId unfinished(boolean parts) throws IOException {
        for (UploadState state : uploads.store.states().unfinished(EngineFixture.OWNER)) {
            if (state.plan().layout().isPresent() == parts) {
                return state.id();
            }
        }
        return null;
    }

    private void append(@Nullable UploadId known) throws IOException {
        UploadId id = known == null ? uploads.create(OptionalLong.of(LENGTH)) : known;
        say("created " + id);
        byte[] content = content(id);
        for (int round = 0; round < 6; round++) {
            int from = (int) uploads.look(id).offset();
            int to = Math.min(LENGTH, from + 1 + random.nextInt(900_000));
            BodySink sink = uploads.append(id, from);
            for (int at = from; at < to; at += 65_536) {
                sink.write(content, at, Math.min(65_536, to - at));
            }
            // Some bodies break off, most are whole.
            UploadOutcome outcome = sink.end(random.nextInt(4) == 0 ? Ending.CUT_OFF : Ending.WHOLE);
            if (outcome instanceof Completed completed) {
                say("file " + id + " " + completed.file().id());
                perhapsDelete(id, completed.file());
                return;
            }
            if (outcome instanceof Advanced advanced) {
                say("offset " + id + " " + advanced.state().offset());
            }
        }
    }

    private void parts(@Nullable UploadId known) throws IOException {
        UploadId id = known == null ? uploads.createParts(LENGTH, PART) : known;
        say("created " + id);
        byte[] content = content(id);
        int count = (LENGTH + PART - 1) / PART;
        for (int round = 0; round < 6; round++) {
            int number = 1 + random.nextInt(count);
            byte[] part = Arrays.copyOfRange(content, (number - 1) * PART, Math.min(LENGTH, number * PART));
            if (random.nextInt(4) == 0) {
                // A client that was wrong at first.
                byte[] wrong = part.clone();
                wrong[random.nextInt(wrong.length)]++;
                uploads.put(id, number, wrong);
            }
            if (uploads.put(id, number, part) instanceof PartStored stored) {
                say("part " + id + " " + stored.part().number());
            }
        }
        for (int number : Completing.missing(uploads.look(id))) {
            if (number % 2 == 0) {
                return;
            }
        }
        if (uploads.engine.complete(id, EngineFixture.OWNER, EngineFixture.PROTOCOL) instanceof Completed completed) {
            say("file " + id + " " + completed.file().id());
            perhapsDelete(id, completed.file());
        }
    }

    private void perhapsDelete(UploadId id, StoredFile file) throws IOException {
        if (random.nextInt(3) == 0) {
            say("deleting " + id + " " + file.id());
            uploads.engine.removeFile(file.id(), EngineFixture.OWNER);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
