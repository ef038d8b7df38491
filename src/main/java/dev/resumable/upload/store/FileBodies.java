// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import dev.resumable.upload.store.FileBodyWriter.Region;
import dev.resumable.upload.store.FileSections.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes in files: one for each upload, every part at its own offset, so that finishing is a rename.
 *
 * <p>Implementation note: a part that comes again must not be written over the one that counts, since it may break off. It
 * goes to a file of its own, which the state then names, and is copied to its place when the upload is finished; up to then
 * both are there, so that a crash at any moment leaves one of them whole.
 */
final class FileBodies implements UploadBodies {

    /** The reference of a part that is in its place. */
    private static final String IN_PLACE = "";

    private final FileLayout layout;
    private final DurableFiles files;

    FileBodies(FileLayout layout, DurableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    @Override
    public String create(UploadId id) throws IOException {
        try {
            Path directory = layout.upload(id);
            files.createDirectories(directory);
            Files.createFile(layout.body(id));
            files.forceDirectory(directory);
            return IN_PLACE;
        } catch (IOException e) {
            throw DurableFiles.fullOr(e, layout.root());
        }
    }

    @Override
    public BodyWriter append(UploadState state) throws IOException {
        return FileBodyWriter.open(files, layout.body(state.id()), Region.END_OF_FILE, state.offset(), IN_PLACE);
    }

    @Override
    public BodyWriter part(UploadState state, int number) throws IOException {
        Part present = state.parts().get(number);
        if (present != null && present.reference().equals(IN_PLACE)) {
            String name = "part-" + number + "-" + RandomName.next();
            return FileBodyWriter.open(files, layout.upload(state.id()).resolve(name), Region.FILE_OF_ITS_OWN, 0, name);
        }
        long offset = layoutOf(state).offsetOf(number);
        return FileBodyWriter.open(files, layout.body(state.id()), Region.SLOT, offset, IN_PLACE);
    }

    @Override
    public void discard(UploadState state, Part part) throws IOException {
        if (!part.reference().equals(IN_PLACE)) {
            Files.deleteIfExists(fileOf(state, part));
        }
    }

    @Override
    public InputStream read(UploadState state, long from) {
        List<Section> sections = new ArrayList<>();
        long at = from;
        for (Part part : elsewhere(state)) {
            long first = layoutOf(state).offsetOf(part.number());
            if (first + part.size() <= from || first >= state.offset()) {
                continue;
            }
            sections.add(new Section(layout.body(state.id()), at, Math.max(0, first - at)));
            long skipped = Math.max(0, from - first);
            sections.add(new Section(fileOf(state, part), skipped, part.size() - skipped));
            at = first + part.size();
        }
        sections.add(new Section(layout.body(state.id()), at, state.offset() - at));
        return new FileSections(sections);
    }

    @Override
    public void finish(UploadState state) throws IOException {
        Path blob = layout.blob(state.id());
        if (!Files.exists(blob)) {
            finish(state, blob);
        }
        // Also after a crash: they are of no use any more, and the record of the upload may stay for a day.
        for (Part part : elsewhere(state)) {
            discard(state, part);
        }
    }

    private void finish(UploadState state, Path blob) throws IOException {
        try (FileChannel body = FileChannel.open(layout.body(state.id()), StandardOpenOption.WRITE)) {
            for (Part part : elsewhere(state)) {
                copyToItsPlace(state, part, body);
            }
            body.truncate(state.offset());
            files.force(body);
        } catch (IOException e) {
            throw DurableFiles.fullOr(e, layout.root());
        }
        files.createDirectories(DurableFiles.directoryOf(blob));
        files.move(layout.body(state.id()), blob);
    }

    private void copyToItsPlace(UploadState state, Part part, FileChannel body) throws IOException {
        try (FileChannel source = FileChannel.open(fileOf(state, part), StandardOpenOption.READ)) {
            body.position(layoutOf(state).offsetOf(part.number()));
            long copied = 0;
            while (copied < part.size()) {
                copied += source.transferTo(copied, part.size() - copied, body);
            }
        }
    }

    @Override
    public InputStream open(UploadId blob, long from, long length) throws IOException {
        return FileSection.open(layout.blob(blob), from, length);
    }

    @Override
    public void delete(UploadId id) throws IOException {
        files.deleteDirectory(layout.upload(id));
    }

    @Override
    public void deleteBlob(UploadId blob) throws IOException {
        files.delete(layout.blob(blob));
    }

    private static List<Part> elsewhere(UploadState state) {
        return state.parts().values().stream()
                .filter(part -> !part.reference().equals(IN_PLACE))
                .toList();
    }

    private Path fileOf(UploadState state, Part part) {
        return layout.upload(state.id()).resolve(part.reference());
    }

    private static PartLayout layoutOf(UploadState state) {
        return state.plan().layout().orElseThrow(() -> new IllegalStateException("an upload without parts"));
    }
}
