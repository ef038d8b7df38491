// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.PartLog.Logged;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * States in files, one for each upload, replaced as a whole; parts that come are appended to a {@link PartLog} beside it.
 *
 * <p>Implementation note: what has to be searched is kept in memory, some hundred bytes for each upload; a whole state, which
 * may name ten thousand parts, only while there is memory to spare. This process is the only one that writes
 * ({@link FileStore} holds a lock), so memory lags behind only when a change has failed, which may have reached the disk even
 * so. Nothing is done with such an upload before it is known what the disk has.
 *
 * <p>The records of finished uploads, which may be many, are read when somebody asks for one of them or searches all, so that
 * no upload waits for them that goes on after a start. They have no body any more, as those that are about to be finished.
 */
final class FileStates implements UploadStates {

    private static final Logger LOG = System.getLogger(FileStates.class.getName());
    /** Changes of different uploads seldom wait for each other. */
    private static final int STRIPES = 64;
    /** Shorter logs are not worth it to write the state as a whole; longer ones may have as many lines as it has parts. */
    private static final int SHORT_LOG = 256;

    private final FileLayout layout;
    private final DurableFiles files;
    private final Map<UploadId, Entry> entries = new ConcurrentHashMap<>();
    /** Those that were there at the start, and were not read yet. */
    private final Set<UploadId> unread = ConcurrentHashMap.newKeySet();
    /** Those whose last change has failed, so that the disk may have the state before it or the one after it. */
    private final Set<UploadId> unsettled = ConcurrentHashMap.newKeySet();

    private final Object[] stripes = new Object[STRIPES];
    private final Object admissions = new Object();

    /** What is searched, and the state if it is still in memory. */
    private record Entry(
            UploadId id,
            long version,
            String owner,
            UploadStatus status,
            Instant expires,
            long reserved,
            boolean awaitsFile,
            PartLog log,
            SoftReference<UploadState> state) {

        static Entry of(UploadState state, PartLog log) {
            return new Entry(
                    state.id(),
                    state.version(),
                    state.plan().owner(),
                    state.status(),
                    state.expires(),
                    state.reserved(),
                    state.awaitsFile(),
                    log,
                    new SoftReference<>(state));
        }

        boolean hasLongLog(UploadState next) {
            return log.lines() >= SHORT_LOG && log.lines() >= next.parts().size() / 2;
        }

        boolean isUnfinishedOf(String someOwner) {
            return status != UploadStatus.COMPLETE && owner.equals(someOwner);
        }
    }

    private FileStates(FileLayout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    /** Reads the uploads that have a body, and what others there are. */
    static FileStates load(FileLayout layout, DurableFiles files) throws IOException {
        FileStates states = new FileStates(layout, files);
        files.createDirectories(layout.uploads());
        for (Path shard : children(layout.uploads())) {
            for (Path directory : children(shard)) {
                Optional<UploadId> id = UploadId.parse(directory.getFileName().toString());
                if (id.isPresent() && !Files.exists(layout.body(id.get()))) {
                    states.unread.add(id.get());
                } else {
                    states.read(directory);
                }
            }
        }
        return states;
    }

    private void readRest() {
        for (UploadId id : unread) {
            synchronized (stripe(id)) {
                readIfUnread(id);
            }
        }
    }

    private void readIfUnread(UploadId id) {
        if (unread.contains(id)) {
            try {
                read(layout.upload(id));
            } catch (IOException e) {
                warn(id.value(), e);
            }
            unread.remove(id);
        }
    }

    /** An upload whose state was never written was never acknowledged, and is removed. */
    private void read(Path directory) throws IOException {
        Path file = directory.resolve("state.json");
        try {
            UploadState whole = StateDocument.readState(Files.readAllBytes(file));
            Logged read = PartLog.read(layout.parts(whole.id()), whole, Long.MAX_VALUE);
            entries.put(whole.id(), Entry.of(read.state(), read.log()));
        } catch (NoSuchFileException e) {
            files.deleteDirectory(directory);
        } catch (IOException | RuntimeException e) {
            // Not of our writing, or a broken disk: others must still work, and somebody may want to look at it.
            warn(directory.getFileName(), e);
        }
    }

    static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    @Override
    public Optional<UploadState> find(UploadId id) throws IOException {
        if (unread.contains(id)) {
            return reload(id);
        }
        Entry entry = entries.get(id);
        if (entry == null) {
            return Optional.empty();
        }
        UploadState inMemory = unsettled.contains(id) ? null : entry.state().get();
        return inMemory != null ? Optional.of(inMemory) : reload(id);
    }

    private Optional<UploadState> reload(UploadId id) throws IOException {
        synchronized (stripe(id)) {
            @Nullable Entry entry = settled(id);
            if (entry == null) {
                return Optional.empty();
            }
            UploadState whole = StateDocument.readState(Files.readAllBytes(layout.state(id)));
            UploadState state =
                    PartLog.read(layout.parts(id), whole, entry.log().length()).state();
            entries.put(id, Entry.of(state, entry.log()));
            return Optional.of(state);
        }
    }

    @Override
    public Admission create(UploadState state, OwnerLimits limits) throws IOException {
        synchronized (admissions) {
            List<Entry> others =
                    select(entry -> entry.isUnfinishedOf(state.plan().owner()));
            if (others.size() >= limits.uploads()) {
                return Admission.TOO_MANY;
            }
            long taken = others.stream().mapToLong(Entry::reserved).sum();
            if (taken < 0 || state.reserved() > limits.bytes() - taken) {
                return Admission.OVER_QUOTA;
            }
            storeFirst(state);
            return Admission.ADMITTED;
        }
    }

    /** Or leaves nothing: a state that was renamed to its place, and not made sure, would be an upload that nobody was told of. */
    private void storeFirst(UploadState state) throws IOException {
        try {
            store(state);
        } catch (IOException | RuntimeException e) {
            try {
                files.delete(layout.state(state.id()));
            } catch (IOException notSure) {
                e.addSuppressed(notSure);
            }
            throw e;
        }
    }

    @Override
    public Change replace(UploadState next) throws IOException {
        synchronized (stripe(next.id())) {
            @Nullable Entry entry = settled(next.id());
            if (entry == null || entry.version() != next.version() - 1) {
                return Change.STALE;
            }
            return change(next.id(), () -> store(next));
        }
    }

    @Override
    public Change replace(UploadState next, Part part) throws IOException {
        synchronized (stripe(next.id())) {
            @Nullable Entry entry = settled(next.id());
            if (entry == null || entry.version() != next.version() - 1) {
                return Change.STALE;
            }
            return change(next.id(), entry.hasLongLog(next) ? () -> store(next) : () -> log(entry.log(), next, part));
        }
    }

    private void log(PartLog before, UploadState next, Part part) throws IOException {
        PartLog log = before.append(files, layout.parts(next.id()), next, part);
        entries.put(next.id(), Entry.of(next, log));
    }

    @Override
    public Change delete(UploadState state) throws IOException {
        synchronized (stripe(state.id())) {
            @Nullable Entry entry = settled(state.id());
            if (entry == null || entry.version() != state.version()) {
                return Change.STALE;
            }
            return change(state.id(), () -> {
                files.delete(layout.state(state.id()));
                entries.remove(state.id());
            });
        }
    }

    /** A change of what is on the disk, and then of the entry. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private Change change(UploadId id, Step step) throws IOException {
        boolean isSettled = false;
        try {
            step.run();
            isSettled = true;
        } finally {
            if (!isSettled) {
                unsettled.add(id);
            }
        }
        return Change.DONE;
    }

    /**
     * The entry, when it is sure what the disk has: after a change that failed, whatever is there now. A state that was renamed to
     * its place counts, a line of a log does not. Needs no room, so that an upload can be removed from a full disk.
     */
    private @Nullable Entry settled(UploadId id) throws IOException {
        readIfUnread(id);
        @Nullable Entry before = entries.get(id);
        if (before != null && unsettled.contains(id)) {
            settle(before);
            unsettled.remove(id);
        }
        return entries.get(id);
    }

    private void settle(Entry before) throws IOException {
        UploadId id = before.id();
        try {
            UploadState whole = StateDocument.readState(Files.readAllBytes(layout.state(id)));
            before.log().cutOff(files, layout.parts(id));
            files.forceDirectory(layout.upload(id));
            Logged read = PartLog.read(layout.parts(id), whole, Long.MAX_VALUE);
            entries.put(id, Entry.of(read.state(), read.log()));
        } catch (NoSuchFileException e) {
            // Removed after all.
            files.deleteDirectory(layout.upload(id));
            entries.remove(id);
        }
    }

    private void store(UploadState state) throws IOException {
        files.replace(layout.state(state.id()), StateDocument.write(state));
        @Nullable Entry before = entries.put(state.id(), Entry.of(state, PartLog.EMPTY));
        if (before != null && before.log().length() > 0) {
            removeLog(state.id());
        }
    }

    /** Only for the space: its versions are older than that of the state, and the next line begins the file anew. */
    private void removeLog(UploadId id) {
        try {
            Files.deleteIfExists(layout.parts(id));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a log of parts stays until its upload is removed: {0}", e.toString());
        }
    }

    @Override
    public List<UploadState> unfinished(String owner) {
        return states(select(entry -> entry.isUnfinishedOf(owner))).toList();
    }

    @Override
    public List<UploadState> expired(Instant before, int limit) {
        List<Entry> expired = select(entry -> entry.expires().isBefore(before)).stream()
                .sorted(Comparator.comparing(Entry::expires))
                .toList();
        return states(expired).limit(limit).toList();
    }

    @Override
    public List<UploadState> interrupted() {
        return states(select(Entry::awaitsFile)).toList();
    }

    private List<Entry> select(Predicate<Entry> condition) {
        readRest();
        return entries.values().stream().filter(condition).toList();
    }

    /** As they are now, but those that cannot be read: the others must still work. */
    private Stream<UploadState> states(List<Entry> selected) {
        return selected.stream().flatMap(entry -> readable(entry.id()).stream());
    }

    private Optional<UploadState> readable(UploadId id) {
        try {
            return find(id);
        } catch (IOException | RuntimeException e) {
            warn(id.value(), e);
            return Optional.empty();
        }
    }

    private static void warn(Object upload, Exception e) {
        LOG.log(Level.WARNING, "the state of an upload cannot be read: " + upload, e);
    }

    private Object stripe(UploadId id) {
        return stripes[Math.floorMod(id.hashCode(), STRIPES)];
    }
}
