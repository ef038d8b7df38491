// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import dev.resumable.fuzz.AcceptEncodingLaws;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link AcceptEncodingField} on random field lines, against the oracle of its laws. */
class AcceptEncodingOracleTest {
    private static final int FIELDS = 50_000;
    private static final String[] PIECES = {
        "gzip",
        "GZIP",
        "x-gzip",
        "identity",
        "br",
        "compress",
        "*",
        ",",
        ",",
        ", ",
        ";",
        ";q=",
        ";Q=",
        " ; q=",
        "0",
        "1",
        "0.5",
        "1.0",
        "0.001",
        ".",
        "5",
        " ",
        "\t",
        "=",
        "\"",
        "level"
    };

    @Test
    void agreesOnEveryQuality() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try {
            for (int i = 0; i < FIELDS; i++) {
                AcceptEncodingLaws.check(lines(random));
            }
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static List<String> lines(Random random) {
        List<String> lines = new ArrayList<>();
        for (int count = random.nextInt(4); count > 0; count--) {
            StringBuilder line = new StringBuilder();
            for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
                line.append(PIECES[random.nextInt(PIECES.length)]);
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
