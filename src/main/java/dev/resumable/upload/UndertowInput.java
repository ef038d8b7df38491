// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on Undertow, up to the last byte that came before its connection ended.
 *
 * <p>With the last byte that it has, Undertow's stream asks the connection for more, and if that has ended, it throws: what it
 * has just given, up to 16 KiB, is as good as not there. So the last byte is read by itself. Whether it has arrived is seen by the
 * place where it goes: that costs the byte if it is 0, which is better than to make up one.
 */
final class UndertowInput extends ServletInputStream {

    private final ServletInputStream in;
    private @Nullable IOException end;

    UndertowInput(ServletInputStream in) {
        this.in = in;
    }

    @Override
    public int read(byte[] block, int offset, int length) throws IOException {
        if (end != null) {
            throw end;
        }
        int there = in.available();
        if (there < 1 || there > length) {
            return in.read(block, offset, length);
        }
        int safe = there == 1 ? 0 : in.read(block, offset, there - 1);
        // It demands to be asked before each read.
        return safe == 0 || in.isReady() ? safe + readLast(block, offset + safe) : safe;
    }

    private int readLast(byte[] block, int offset) {
        block[offset] = 0;
        try {
            return Math.max(0, in.read(block, offset, 1));
        } catch (IOException e) {
            end = e;
            return block[offset] == 0 ? 0 : 1;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int read = read(one, 0, 1);
        return read == 1 ? one[0] & 0xFF : -1;
    }

    @Override
    public boolean isReady() {
        return end != null || in.isReady();
    }

    @Override
    public boolean isFinished() {
        return in.isFinished();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        in.setReadListener(listener);
    }
}
