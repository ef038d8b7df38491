// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of one process: a small document for each file, and all of them in memory.
 *
 * <p>Implementation note: the references to a blob are not counted on disk but by looking who names it. So one document that
 * appears or goes is the whole transaction. The last one that names a blob goes by getting another name, under which the blob
 * is found if a crash has kept it from being removed. A change that failed may have reached the disk even so, as in
 * {@link FileStates}: what is there now counts, and is made durable before anything is changed or promised after it.
 */
final class FileCatalogue implements Catalogue {

    private static final Logger LOG = System.getLogger(FileCatalogue.class.getName());

    private final FileLayout layout;
    private final DurableFiles files;
    private final Map<FileId, StoredFile> byId = new HashMap<>();
    private final Map<String, Set<FileId>> byOwner = new HashMap<>();
    private final Map<Bytes, Set<FileId>> byBytes = new HashMap<>();
    private final Map<UploadId, Path> unreferenced = new LinkedHashMap<>();
    /** Those whose last change has failed, so that the disk may have what was before it or what is after it. */
    private final Map<FileId, StoredFile> unsettled = new HashMap<>();

    /** The identity of bytes. */
    private record Bytes(String sha256, long size) {
        static Bytes of(StoredFile file) {
            return new Bytes(file.sha256(), file.size());
        }
    }

    private FileCatalogue(FileLayout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    /** Reads what is there. */
    static FileCatalogue load(FileLayout layout, DurableFiles files) throws IOException {
        FileCatalogue catalogue = new FileCatalogue(layout, files);
        files.createDirectories(layout.files());
        for (Path shard : FileStates.children(layout.files())) {
            for (Path file : FileStates.children(shard)) {
                catalogue.load(file);
            }
        }
        catalogue.keepWhatIsNamed();
        return catalogue;
    }

    private void load(Path file) throws IOException {
        boolean isRemoved = file.toString().endsWith(FileLayout.REMOVED);
        if (!isRemoved && !file.toString().endsWith(".json")) {
            Files.deleteIfExists(file);
            return;
        }
        try {
            StoredFile read = StateDocument.readFile(Files.readAllBytes(file));
            if (isRemoved) {
                unreferenced.put(read.blob(), file);
            } else {
                remember(read);
            }
        } catch (IOException | RuntimeException e) {
            // A damaged document stays for somebody to look at it, and keeps nobody from the others.
            LOG.log(Level.WARNING, "an entry of the catalogue cannot be read: " + file.getFileName(), e);
        }
    }

    /** A blob that a file names does not go, whoever has noted that it may. */
    private void keepWhatIsNamed() {
        for (StoredFile file : byId.values()) {
            if (unreferenced.remove(file.blob()) != null) {
                LOG.log(Level.WARNING, "bytes that were given away are kept, since a file has them: {0}", file.id());
            }
        }
    }

    // ---- looking

    @Override
    public synchronized Optional<StoredFile> find(String owner, FileId id) throws IOException {
        settle(file -> file.id().equals(id));
        return Optional.ofNullable(byId.get(id)).filter(file -> file.owner().equals(owner));
    }

    @Override
    public synchronized Optional<StoredFile> find(String owner, String sha256, long size) throws IOException {
        Bytes bytes = new Bytes(sha256, size);
        settle(file -> Bytes.of(file).equals(bytes));
        return those(byBytes.get(bytes)).stream()
                .filter(file -> file.owner().equals(owner))
                .findFirst();
    }

    @Override
    public synchronized List<StoredFile> list(String owner) throws IOException {
        settle(file -> file.owner().equals(owner));
        return those(byOwner.get(owner)).stream()
                .sorted(Comparator.comparing(StoredFile::created).reversed())
                .toList();
    }

    @Override
    public synchronized long storedBytes(String owner) throws IOException {
        settle(file -> file.owner().equals(owner));
        return those(byOwner.get(owner)).stream().mapToLong(StoredFile::size).sum();
    }

    // ---- changes

    @Override
    public synchronized StoredFile add(StoredFile file) throws IOException {
        settle(other -> Bytes.of(other).equals(Bytes.of(file)));
        StoredFile present = byId.get(file.id());
        if (present != null) {
            return present;
        }
        if (unreferenced.containsKey(file.blob())) {
            // Whoever is at this blob will remove it, perhaps after a crash.
            throw new NoSuchFileException(file.blob().value());
        }
        StoredFile added = those(byBytes.get(Bytes.of(file))).stream()
                .findFirst()
                .map(other -> file.on(other.blob()))
                .orElse(file);
        Path path = layout.file(file.id());
        files.createDirectories(DurableFiles.directoryOf(path));
        change(added, () -> files.replace(path, StateDocument.write(added)));
        remember(added);
        return added;
    }

    @Override
    public synchronized Optional<UploadId> remove(StoredFile file) throws IOException {
        settle(other -> Bytes.of(other).equals(Bytes.of(file)));
        StoredFile present = byId.get(file.id());
        if (present == null) {
            return Optional.empty();
        }
        boolean isLast = those(byBytes.get(Bytes.of(present))).size() == 1;
        Path path = layout.file(file.id());
        Path removed = layout.removed(file.id());
        if (isLast) {
            change(present, () -> files.move(path, removed));
            unreferenced.put(present.blob(), removed);
        } else {
            change(present, () -> files.delete(path));
        }
        forget(present);
        return isLast ? Optional.of(present.blob()) : Optional.empty();
    }

    @Override
    public synchronized List<UploadId> unreferenced() throws IOException {
        settle(file -> true);
        return List.copyOf(unreferenced.keySet());
    }

    @Override
    public synchronized void forget(UploadId blob) throws IOException {
        Path removed = unreferenced.get(blob);
        if (removed != null) {
            files.delete(removed);
            unreferenced.remove(blob);
        }
    }

    /** A change of what is on the disk; what is in memory follows it. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    private void change(StoredFile file, Step step) throws IOException {
        unsettled.put(file.id(), file);
        step.run();
        unsettled.remove(file.id());
    }

    /** Those alone that an answer depends on: one that cannot be settled must not be in the way of others. */
    private void settle(Predicate<StoredFile> which) throws IOException {
        for (StoredFile file : List.copyOf(unsettled.values())) {
            if (which.test(file)) {
                settle(file.id());
            }
        }
    }

    /** Takes into memory whatever the disk has after a change that failed. Needs no room. */
    private void settle(FileId id) throws IOException {
        files.forceDirectory(DurableFiles.directoryOf(layout.file(id)));
        Optional<StoredFile> present = read(layout.file(id));
        Optional<StoredFile> removed = read(layout.removed(id));
        Optional.ofNullable(byId.get(id)).ifPresent(this::forget);
        present.ifPresent(this::remember);
        removed.ifPresent(file -> unreferenced.put(file.blob(), layout.removed(id)));
        keepWhatIsNamed();
        unsettled.remove(id);
    }

    private static Optional<StoredFile> read(Path document) throws IOException {
        try {
            return Optional.of(StateDocument.readFile(Files.readAllBytes(document)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    // ---- memory

    private void remember(StoredFile file) {
        byId.put(file.id(), file);
        byOwner.computeIfAbsent(file.owner(), key -> new LinkedHashSet<>()).add(file.id());
        byBytes.computeIfAbsent(Bytes.of(file), key -> new LinkedHashSet<>()).add(file.id());
    }

    private void forget(StoredFile file) {
        byId.remove(file.id());
        forget(byOwner, file.owner(), file.id());
        forget(byBytes, Bytes.of(file), file.id());
    }

    private static <K> void forget(Map<K, Set<FileId>> index, K key, FileId id) {
        index.computeIfPresent(key, (unchanged, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    private List<StoredFile> those(@Nullable Collection<FileId> ids) {
        return ids == null
                ? List.of()
                : ids.stream().map(byId::get).filter(file -> file != null).toList();
    }
}
