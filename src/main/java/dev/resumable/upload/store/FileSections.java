// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** Sections of files, one after the other; each file is opened when it is its turn, since there may be thousands. */
final class FileSections extends InputStream {

    private final Iterator<Section> rest;
    private InputStream current = InputStream.nullInputStream();

    /** Exactly so many bytes of a file from a position on. */
    record Section(Path file, long from, long length) {}

    FileSections(List<Section> sections) {
        this.rest = List.copyOf(sections).iterator();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = current.read(bytes, offset, length);
        while (read < 0 && rest.hasNext()) {
            current.close();
            Section next = rest.next();
            current = FileSection.open(next.file(), next.from(), next.length());
            read = current.read(bytes, offset, length);
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
