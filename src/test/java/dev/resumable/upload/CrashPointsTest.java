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
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
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

    private static final JdbcConnectionPool DATABASE =
            JdbcConnectionPool.create("jdbc:h2:mem:crash-points;DB_CLOSE_DELAY=-1", "", "");

    @TempDir(factory = InMemory.class)
    private Path root;

    /** It is calls that crash here, not the disk, and there are some ten thousand lives. */
    private static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "crash-points")
                    : Files.createTempDirectory("crash-points");
        }
    }

    private CatalogueKind kind = CatalogueKind.DOCUMENTS;
    private Path directory = Path.of("");
    /** It remembers nothing, so that one serves all lives. */
    private Optional<JdbcCatalogue> database = Optional.empty();

    private int runs;

    @BeforeAll
    static void quiet() {
        // Each of some thousand crashes would be reported.
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
        DATABASE.dispose();
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
        return new EngineFixture(
                TroubledStore.of(store(), trouble), UploadConfig.defaults(directory), new UploadListener() {});
    }

    private UploadStore store() throws IOException {
        UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
        return database.map(store::withCatalogue).orElse(store);
    }

    /** What every run of a test begins with: an upload with all of its parts, perhaps beside another owner's file. */
    private record Beginning(Path directory, List<String> database, UploadId id) {}

    private Beginning beginning(Beside beside) throws IOException {
        directory = root.resolve("beginning");
        sql("DROP ALL OBJECTS");
        database = kind == CatalogueKind.DATABASE ? Optional.of(JdbcCatalogue.of(DATABASE)) : Optional.empty();
        UploadId[] id = {UploadId.random()};
        live(uploads -> {
            id[0] = uploads.createParts(WHOLE.length, WHOLE.length);
            uploads.put(id[0], 1, WHOLE);
            if (beside == Beside.EQUAL_BYTES) {
                storeOther(uploads);
            }
            return true;
        });
        return new Beginning(directory, kind == CatalogueKind.DATABASE ? script() : List.of(), id[0]);
    }

    /** A run begins anew, with a copy. */
    private UploadId begin(Beginning with) throws IOException {
        if (runs > 0) {
            PathUtils.deleteDirectory(directory);
        }
        directory = root.resolve("run-" + ++runs);
        PathUtils.copyDirectory(with.directory(), directory);
        if (kind == CatalogueKind.DATABASE) {
            sql("DROP ALL OBJECTS");
            sql(with.database().toArray(String[]::new));
        }
        return with.id();
    }

    private static void sql(String... statements) throws IOException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** What makes the database as it is now. */
    private static List<String> script() throws IOException {
        List<String> script = new ArrayList<>();
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SCRIPT NOPASSWORDS")) {
            while (rows.next()) {
                script.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        return script.stream().filter(sql -> !sql.startsWith("CREATE USER")).toList();
    }

    /** A file of the same bytes, of another owner. */
    private static void storeOther(EngineFixture uploads) throws IOException {
        UploadId id = EngineFixture.created(uploads.engine.create(
                EngineFixture.plan(OTHER, Completion.BY_LENGTH, Optional.empty()), OptionalLong.of(WHOLE.length)));
        Reception reception = uploads.engine.append(id, OTHER, PROTOCOL, EngineFixture.at(0, BodyDigests.none()));
        assertThat(EngineFixture.whole(reception, WHOLE)).isInstanceOf(Completed.class);
    }

    private static boolean complete(EngineFixture uploads, UploadId id) throws IOException {
        return uploads.engine.complete(id, OWNER, PROTOCOL) instanceof Completed;
    }

    private static boolean sweep(EngineFixture uploads) {
        uploads.engine.sweep();
        return true;
    }

    private List<StoredFile> files(String owner) throws IOException {
        try (UploadStore store = store()) {
            return store.catalogue().list(owner);
        }
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

    /** The files of both owners that are left. */
    private record Left(List<StoredFile> own, List<StoredFile> others) {}

    private Left assertWhole(String what) throws IOException {
        Left left;
        List<StoredFile> all;
        try (UploadStore store = store()) {
            left = new Left(store.catalogue().list(OWNER), store.catalogue().list(OTHER));
            all = Stream.concat(left.own().stream(), left.others().stream()).toList();
            for (StoredFile file : all) {
                try (InputStream in = store.bodies().open(file.blob(), 0, file.size())) {
                    assertThat(hex(in.readAllBytes())).as(what).isEqualTo(file.sha256());
                }
            }
            assertThat(store.catalogue().unreferenced()).as(what).isEmpty();
        }
        try (var blobs = Files.walk(directory.resolve("blobs"))) {
            assertThat(blobs.filter(Files::isRegularFile)).as(what).hasSize((int)
                    all.stream().map(StoredFile::blob).distinct().count());
        }
        return left;
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
        Beginning with = beginning(beside);
        int afterAdd = 0;
        boolean firstCrashed = true;
        for (int first = 1; firstCrashed; first++) {
            boolean secondCrashed = true;
            for (int second = 1; secondCrashed; second++) {
                boolean thirdCrashed = true;
                for (int third = 1; thirdCrashed; third++) {
                    String what = "crashes at " + first + ", " + second + ", " + third;
                    UploadId id = begin(with);
                    firstCrashed = live(first, uploads -> complete(uploads, id)).crashed();
                    List<StoredFile> made = files(OWNER);
                    Life removal = made.isEmpty()
                            ? new Life(false, false)
                            : live(second, uploads -> remove(uploads, made.get(0)));
                    secondCrashed = removal.crashed();
                    thirdCrashed = live(third, CrashPointsTest::sweep).crashed();
                    heal(id);

                    Left left = assertWhole(what);
                    if (removal.acknowledged()) {
                        assertThat(left.own()).as(what).isEmpty();
                        afterAdd++;
                    } else if (made.isEmpty()) {
                        assertThat(left.own()).as(what).hasSize(1);
                    }
                    assertThat(left.others()).as(what).hasSize(beside == Beside.EQUAL_BYTES ? 1 : 0);
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
        Beginning with = beginning(Beside.EQUAL_BYTES);
        boolean firstCrashed = true;
        for (int first = 1; firstCrashed; first++) {
            boolean secondCrashed = true;
            for (int second = 1; secondCrashed; second++) {
                boolean thirdCrashed = true;
                for (int third = 1; thirdCrashed; third++) {
                    String what = "crashes at " + first + ", " + second + ", " + third;
                    UploadId id = begin(with);
                    StoredFile other = files(OTHER).get(0);
                    Life removal = live(first, uploads -> remove(uploads, other));
                    firstCrashed = removal.crashed();
                    secondCrashed =
                            live(second, uploads -> complete(uploads, id)).crashed();
                    thirdCrashed = live(third, CrashPointsTest::sweep).crashed();
                    heal(id);

                    Left left = assertWhole(what);
                    assertThat(left.own()).as(what).hasSize(1);
                    if (removal.acknowledged()) {
                        assertThat(left.others()).as(what).isEmpty();
                    }
                }
            }
        }
    }
}
