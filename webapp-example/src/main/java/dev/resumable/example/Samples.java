// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A directory of files to try the library on, the same bytes wherever it is made.
 *
 * <p>Text, HTML and JSON of a few lines, 1 MiB and 64 MiB of noise, and a sound to seek in.
 */
final class Samples {
    private static final int MEBIBYTE = 1024 * 1024;

    private Samples() {}

    /** Fills {@code directory}, which exists and is empty; needs 66 MiB of disk. */
    static void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("hello.txt"), "Hello. Ask for a part of this: Range: bytes=0-4\n");
        Files.writeString(directory.resolve("two words.txt"), "A file whose name is encoded in a URI.\n");
        Files.writeString(
                directory.resolve("page.html"),
                "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>A page</title><p>A page.</html>\n");
        Files.writeString(directory.resolve("data.json"), "{\"name\": \"sample\", \"numbers\": [1, 2, 3]}\n");
        Files.createDirectory(directory.resolve("more"));
        Files.writeString(directory.resolve("more/nested.txt"), "A file in a directory.\n");
        writeNoise(directory.resolve("noise-1MiB.bin"), 1);
        writeNoise(directory.resolve("noise-64MiB.bin"), 64);
        SampleSound.write(directory.resolve("tones.wav"));
    }

    private static void writeNoise(Path file, int mebibytes) throws IOException {
        // The algorithm and so the bytes of SplittableRandom are part of its specification.
        SplittableRandom random = new SplittableRandom(mebibytes);
        byte[] block = new byte[MEBIBYTE];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }
}
