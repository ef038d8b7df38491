// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.store.FileSections.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSectionsTest {

    @TempDir
    private Path directory;

    @Test
    void eachFileIsOpenedWhenItIsItsTurn() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), "abcdef");
        Path second = directory.resolve("second");
        List<Section> sections = List.of(new Section(first, 1, 2), new Section(first, 3, 0), new Section(second, 0, 3));
        try (InputStream in = new FileSections(sections)) {
            byte[] read = new byte[2];
            assertThat(in.read(read)).isEqualTo(2);
            assertThat(read).asString().isEqualTo("bc");
            // Not there before.
            Files.writeString(second, "xyz");
            assertThat(in.readAllBytes()).asString().isEqualTo("xyz");
            assertThat(in.read()).isEqualTo(-1);
        }
    }
}
