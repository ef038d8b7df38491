// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.upload.store.FileId;
import dev.resumable.upload.store.UploadId;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UploadTargetTest {

    private static final String ID = "AAAAAAAAAAAA-_zz09AAAAAA";

    static Stream<Arguments> paths() {
        UploadId id = new UploadId(ID);
        return Stream.of(
                Arguments.of("/", new UploadTarget.Root()),
                Arguments.of("/" + ID, new UploadTarget.Upload(id)),
                Arguments.of("/" + ID + "/complete", new UploadTarget.CompletionOf(id)),
                Arguments.of("/" + ID + "/parts/1", new UploadTarget.PartOf(id, 1)),
                Arguments.of("/" + ID + "/parts/10000", new UploadTarget.PartOf(id, 10_000)),
                Arguments.of("/" + ID + "/parts/0", new UploadTarget.PartOf(id, 0)),
                Arguments.of("/" + ID + "/parts/+1", new UploadTarget.PartOf(id, 0)),
                Arguments.of("/" + ID + "/parts/\u0661", new UploadTarget.PartOf(id, 0)),
                Arguments.of("/" + ID + "/parts/99999999999", new UploadTarget.PartOf(id, 0)),
                Arguments.of("/files", new UploadTarget.Files()),
                Arguments.of("/files/", new UploadTarget.Files()),
                Arguments.of("/files/" + ID, new UploadTarget.OneFile(new FileId(ID))),
                Arguments.of("/" + ID + "/", new UploadTarget.Nothing()),
                Arguments.of("/" + ID + "/parts", new UploadTarget.Nothing()),
                Arguments.of("/" + ID + "/parts/1/2", new UploadTarget.Nothing()),
                Arguments.of("/" + ID + "x", new UploadTarget.Nothing()),
                Arguments.of("/../../etc/passwd", new UploadTarget.Nothing()),
                Arguments.of("/files/../" + ID, new UploadTarget.Nothing()),
                Arguments.of("//" + ID, new UploadTarget.Nothing()),
                Arguments.of("/" + ID.replace('-', '/'), new UploadTarget.Nothing()),
                Arguments.of("/" + ID.replace('-', '.'), new UploadTarget.Nothing()),
                Arguments.of("/" + ID.replace('-', '\u00FC'), new UploadTarget.Nothing()));
    }

    @ParameterizedTest
    @MethodSource
    void paths(String path, UploadTarget expected) {
        assertThat(UploadTarget.parse(path)).isEqualTo(expected);
    }
}
