// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.upload.AppendRequest.Finality;
import dev.resumable.upload.BodySink.Ending;
import dev.resumable.upload.UploadOutcome.Found;
import dev.resumable.upload.jdbc.JdbcCatalogue;
import dev.resumable.upload.store.PartLayout;
import dev.resumable.upload.store.UploadId;
import dev.resumable.upload.store.UploadPlan;
import dev.resumable.upload.store.UploadPlan.Completion;
import dev.resumable.upload.store.UploadState;
import dev.resumable.upload.store.UploadStore;
import dev.resumable.upload.store.UploadStore.FsyncPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.h2.jdbcx.JdbcDataSource;

/** An engine without a servlet, on a directory; bodies are given as bytes. */
final class EngineFixture implements AutoCloseable {

    static final String OWNER = "alice";
    static final String PROTOCOL = "test";

    final UploadStore store;
    final UploadEngine engine;

    EngineFixture(Path directory, UploadConfig config, UploadListener listener) throws IOException {
        this(directory, config, listener, FsyncPolicy.NONE);
    }

    EngineFixture(Path directory, UploadConfig config, UploadListener listener, FsyncPolicy fsync) throws IOException {
        this(UploadStore.inDirectory(directory, fsync), config, listener);
    }

    EngineFixture(UploadStore store, UploadConfig config, UploadListener listener) {
        this(store, new UploadEngine(store, config, listener));
    }

    private EngineFixture(UploadStore store, UploadEngine engine) {
        this.store = store;
        this.engine = engine;
    }

    /** With requests that wait so long for others, and troubles. */
    static EngineFixture waiting(
            Duration patience, Path directory, TroubledStore.Trouble trouble, UploadListener listener)
            throws IOException {
        UploadStore store = TroubledStore.of(UploadStore.inDirectory(directory, FsyncPolicy.NONE), trouble);
        return waiting(patience, store, UploadConfig.defaults(directory), listener);
    }

    /** With requests that wait so long for others. */
    static EngineFixture waiting(Duration patience, UploadStore store, UploadConfig config, UploadListener listener) {
        return new EngineFixture(store, new UploadEngine(store, config, listener, patience));
    }

    /** With a store that has troubles. */
    static EngineFixture troubled(UploadConfig config, TroubledStore.Trouble trouble, UploadListener listener)
            throws IOException {
        UploadStore store = UploadStore.inDirectory(config.directory(), FsyncPolicy.NONE);
        return new EngineFixture(TroubledStore.of(store, trouble), config, listener);
    }

    static EngineFixture in(Path directory) throws IOException {
        return new EngineFixture(directory, UploadConfig.defaults(directory), new UploadListener() {});
    }

    /** With a catalogue of that kind in the directory. */
    static EngineFixture in(Path directory, CatalogueKind kind) throws IOException {
        return new EngineFixture(kind.open(directory), UploadConfig.defaults(directory), new UploadListener() {});
    }

    /** Where the finished files are written down. */
    enum CatalogueKind {
        DOCUMENTS,
        DATABASE;

        UploadStore open(Path directory) throws IOException {
            UploadStore store = UploadStore.inDirectory(directory, FsyncPolicy.NONE);
            if (this == DOCUMENTS) {
                return store;
            }
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:file:" + directory.resolve("catalogue"));
            return store.withCatalogue(JdbcCatalogue.of(source));
        }
    }

    static UploadPlan plan(String owner, Completion completion, Optional<PartLayout> layout) {
        return new UploadPlan(
                owner, PROTOCOL, "f", Optional.empty(), Optional.empty(), layout, completion, Map.of(), Instant.now());
    }

    /** Creates an upload that is appended to and complete with its last byte. */
    UploadId create(OptionalLong length) throws IOException {
        return created(engine.create(plan(OWNER, Completion.BY_LENGTH, Optional.empty()), length));
    }

    /** Creates an upload of parts. */
    UploadId createParts(long length, long partSize) throws IOException {
        return created(engine.create(
                plan(OWNER, Completion.ASKED, Optional.of(new PartLayout(length, partSize))), OptionalLong.of(length)));
    }

    static UploadId created(UploadOutcome outcome) {
        return ((UploadOutcome.Created) outcome).state().id();
    }

    static AppendRequest at(long offset, BodyDigests digests) {
        return new AppendRequest(offset, OptionalLong.empty(), OptionalLong.empty(), digests, Finality.OPEN);
    }

    /** Opens an append. */
    BodySink append(UploadId id, long offset) throws IOException {
        return open(engine.append(id, OWNER, PROTOCOL, at(offset, BodyDigests.none())));
    }

    /** Appends a whole body. */
    UploadOutcome append(UploadId id, long offset, byte[] body) throws IOException {
        return whole(engine.append(id, OWNER, PROTOCOL, at(offset, BodyDigests.none())), body);
    }

    /** Puts a whole part. */
    UploadOutcome put(UploadId id, int number, byte[] body) throws IOException {
        return whole(
                engine.part(id, OWNER, PROTOCOL, new PartRequest(number, OptionalLong.empty(), BodyDigests.none())),
                body);
    }

    static BodySink open(Reception reception) {
        return ((Reception.Open) reception).sink();
    }

    static UploadOutcome whole(Reception reception, byte[] body) {
        if (reception instanceof Reception.Refused refused) {
            return refused.outcome();
        }
        BodySink sink = open(reception);
        return sink.write(body, 0, body.length) ? sink.end(Ending.WHOLE) : sink.outcome();
    }

    UploadState look(UploadId id) throws IOException {
        return ((Found) engine.look(id, OWNER)).state();
    }

    /** The durable bytes of an upload, or of the file that it has become. */
    byte[] bytes(UploadState state) throws IOException {
        try (var in = store.bodies().read(state, 0)) {
            return in.readAllBytes();
        }
    }

    static UploadProblem problem(UploadOutcome outcome) {
        return ((UploadOutcome.Failed) outcome).problem();
    }

    @Override
    public void close() throws IOException {
        engine.close();
        store.close();
    }
}
