// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static dev.resumable.upload.EngineFixture.OWNER;
import static dev.resumable.upload.EngineFixture.PROTOCOL;
import static dev.resumable.upload.PartsClient.bytes;
import static dev.resumable.upload.PartsClient.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.EngineFixture.CatalogueKind;
import dev.resumable.upload.UploadOutcome.Completed;
import dev.resumable.upload.UploadOutcome.Removed;
import dev.resumable.upload.jdbc.JdbcCatalogue;
import dev.resumable.upload.store.StoredFile;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.commons.io.file.PathUtils;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crashes at every step of completing and of removing, in both orders, and then in what heals them: from its nth call on the
 * store does nothing any more, and is opened again.
 */
@DisplayName("crashes between blobs and their catalogue")
class CrashPointsTest {

    private static final String OTHER = "bob";
    private static final byte[] WHOLE = bytes(1, 300);

    /** Held, since a level is forgotten with its logger. */
    private static final Logger LOG = Logger.getLogger("dev.resumable.upload");

    @TempDir
    private Path root;

    private CatalogueKind kind = CatalogueKind.DOCUMENTS;
    private Path directory = Path.of("");
    private int runs;

    @BeforeAll
    static void quiet() {
        // Each of some thousand crashes would be reported.
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    // ---- lives of a server

    @FunctionalInterface
    private interface Deed {
        boolean isDone(EngineFixture uploads) throws IOException;
    }

    /** What became of a deed: whether somebody was told that it is done, and whether the crash came before its end. */
    private record Life(boolean acknowledged, boolean crashed) {}

    /** One life of a server that crashes at this call of its store, counted from 1. */
    private Life live(int crashAt, Deed deed) throws IOException {
        int[] calls = {0};
        boolean acknowledged = false;
        try (EngineFixture uploads = open((method, arguments) -> {
            if (++calls[0] >= crashAt) {
                throw new IOException("crash");
            }
        })) {
            acknowledged = deed.isDone(uploads);
        } catch (IOException e) {
            assertThat(e).hasMessage("crash");
        }
        return new Life(acknowledged, calls[0] >= crashAt);
    }

    private Life live(Deed deed) throws IOException {
        return live(Integer.MAX_VALUE, deed);
    }

    private EngineFixture open(TroubledStore.Trouble trouble) throws IOException {
        UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        if (kind == CatalogueKind.DATABASE) {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:" + directory.getFileName() + ";DB_CLOSE_DELAY=-1");
            store = store.withCatalogue(JdbcCatalogue.of(source));
        }
        return new EngineFixture(
                TroubledStore.of(store, trouble), UploadConfig.defaults(directory), new UploadListener() {});
    }

    /** The upload of a test that begins anew, with all of its parts. */
    private UploadId begin() throws IOException {
        if (runs > 0) {
            PathUtils.deleteDirectory(directory);
        }
        directory = root.resolve(kind + "-" + System.nanoTime() + "-" + ++runs);
        UploadId[] id = {UploadId.random()};
        live(uploads -> {
            id[0] = uploads.createParts(WHOLE.length, WHOLE.length);
            uploads.put(id[0], 1, WHOLE);
            return true;
        });
        return id[0];
    }

    /** A file of the same bytes, of another owner. */
    private void storeOther() throws IOException {
        live(uploads -> {
            UploadId id = EngineFixture.created(uploads.engine.create(
                    EngineFixture.plan(OTHER, Completion.BY_LENGTH, Optional.empty()), OptionalLong.of(WHOLE.length)));
            return EngineFixture.whole(
                            uploads.engine.append(id, OTHER, PROTOCOL, EngineFixture.at(0, BodyDigests.none())), WHOLE)
                    instanceof Completed;
        });
    }

    private static boolean complete(EngineFixture uploads, UploadId id) throws IOException {
        return uploads.engine.complete(id, OWNER, PROTOCOL) instanceof Completed;
    }

    private static boolean sweep(EngineFixture uploads) {
        uploads.engine.sweep();
        return true;
    }

    private List<StoredFile> files(String owner) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        live(uploads -> files.addAll(uploads.engine.files(owner)));
        return files;
    }

    private static boolean remove(EngineFixture uploads, StoredFile file) throws IOException {
        return uploads.engine.removeFile(file.id(), file.owner()) instanceof Removed;
    }

    // ---- what must hold after it

    /** Heals what is left, asks for the completion once more, and looks at everything. */
    private void heal(UploadId id) throws IOException {
        live(uploads -> {
            uploads.engine.sweep();
            complete(uploads, id);
            uploads.engine.sweep();
            return true;
        });
    }

    private void assertWhole(String what) throws IOException {
        List<StoredFile> all = new ArrayList<>(files(OWNER));
        all.addAll(files(OTHER));
        live(uploads -> {
            for (StoredFile file : all) {
                try (InputStream in = uploads.store.bodies().open(file.blob(), 0, file.size())) {
                    assertThat(hex(in.readAllBytes())).as(what).isEqualTo(file.sha256());
                }
            }
            assertThat(uploads.store.catalogue().unreferenced()).as(what).isEmpty();
            return true;
        });
        try (var blobs = Files.walk(directory.resolve("blobs"))) {
            assertThat(blobs.filter(Files::isRegularFile)).as(what).hasSize((int)
                    all.stream().map(StoredFile::blob).distinct().count());
        }
    }

    // ---- the orders

    @ParameterizedTest
    @EnumSource
    @DisplayName("of a completion, a removal of its file, and the sweep, lose no bytes and bring no file back")
    void completionThenRemoval(CatalogueKind of) throws IOException {
        kind = of;
        completionThenRemoval(Beside.NOTHING);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("also where another owner has the same bytes")
    void completionThenRemovalBesideEqualBytes(CatalogueKind of) throws IOException {
        kind = of;
        completionThenRemoval(Beside.EQUAL_BYTES);
    }

    private enum Beside {
        NOTHING,
        EQUAL_BYTES
    }

    private void completionThenRemoval(Beside beside) throws IOException {
        int afterAdd = 0;
        boolean firstCrashed = true;
        for (int first = 1; firstCrashed; first++) {
            boolean secondCrashed = true;
            for (int second = 1; secondCrashed; second++) {
                boolean thirdCrashed = true;
                for (int third = 1; thirdCrashed; third++) {
                    String what = "crashes at " + first + ", " + second + ", " + third;
                    UploadId id = begin();
                    if (beside == Beside.EQUAL_BYTES) {
                        storeOther();
                    }
                    firstCrashed = live(first, uploads -> complete(uploads, id)).crashed();
                    List<StoredFile> made = files(OWNER);
                    Life removal = made.isEmpty()
                            ? new Life(false, false)
                            : live(second, uploads -> remove(uploads, made.get(0)));
                    secondCrashed = removal.crashed();
                    thirdCrashed = live(third, CrashPointsTest::sweep).crashed();
                    heal(id);

                    assertWhole(what);
                    if (removal.acknowledged()) {
                        assertThat(files(OWNER)).as(what).isEmpty();
                        afterAdd++;
                    } else if (made.isEmpty()) {
                        assertThat(files(OWNER)).as(what).hasSize(1);
                    }
                    assertThat(files(OTHER)).as(what).hasSize(beside == Beside.EQUAL_BYTES ? 1 : 0);
                }
            }
        }
        assertThat(afterAdd).as("removals that were acknowledged").isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("of the removal of a file, a completion of the same bytes, and the sweep, lose no bytes")
    void removalThenCompletion(CatalogueKind of) throws IOException {
        kind = of;
        boolean firstCrashed = true;
        for (int first = 1; firstCrashed; first++) {
            boolean secondCrashed = true;
            for (int second = 1; secondCrashed; second++) {
                boolean thirdCrashed = true;
                for (int third = 1; thirdCrashed; third++) {
                    String what = "crashes at " + first + ", " + second + ", " + third;
                    UploadId id = begin();
                    storeOther();
                    StoredFile other = files(OTHER).get(0);
                    Life removal = live(first, uploads -> remove(uploads, other));
                    firstCrashed = removal.crashed();
                    secondCrashed =
                            live(second, uploads -> complete(uploads, id)).crashed();
                    thirdCrashed = live(third, CrashPointsTest::sweep).crashed();
                    heal(id);

                    assertWhole(what);
                    assertThat(files(OWNER)).as(what).hasSize(1);
                    if (removal.acknowledged()) {
                        assertThat(files(OTHER)).as(what).isEmpty();
                    }
                }
            }
        }
    }
}
