// SPDX-License-Identifier: Apache-2.0
package dev.resumable.example;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A WAV file of 60 seconds whose tone rises every second, so that a listener hears where a seek landed.
 *
 * <p>PCM, mono, 16 bits, 16 kHz: 1.8 MiB.
 */
final class SampleSound {
    private static final int SECONDS = 60;
    private static final int RATE = 16_000;
    private static final int BYTES_PER_SAMPLE = 2;
    private static final int HEADER = 44;
    private static final int AMPLITUDE = 6_000;
    private static final double LOWEST_HERTZ = 220;
    private static final double STEPS_PER_OCTAVE = 24;

    private SampleSound() {}

    /** Writes the sound as a new file. */
    static void write(Path file) throws IOException {
        int length = SECONDS * RATE * BYTES_PER_SAMPLE;
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + length).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(bytes, length);
        for (int sample = 0; sample < SECONDS * RATE; sample++) {
            bytes.putShort(amplitude(sample));
        }
        Files.write(file, bytes.array());
    }

    private static void putHeader(ByteBuffer bytes, int length) {
        bytes.put(ascii("RIFF")).putInt(HEADER - 8 + length).put(ascii("WAVE"));
        bytes.put(ascii("fmt ")).putInt(16);
        bytes.putShort((short) 1).putShort((short) 1);
        bytes.putInt(RATE).putInt(RATE * BYTES_PER_SAMPLE);
        bytes.putShort((short) BYTES_PER_SAMPLE).putShort((short) (8 * BYTES_PER_SAMPLE));
        bytes.put(ascii("data")).putInt(length);
    }

    private static short amplitude(int sample) {
        int second = sample / RATE;
        double hertz = LOWEST_HERTZ * StrictMath.pow(2, second / STEPS_PER_OCTAVE);
        // StrictMath, not Math: the same bytes on every JVM.
        return (short) (AMPLITUDE * StrictMath.sin(2 * StrictMath.PI * hertz * (sample % RATE) / RATE));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
