// SPDX-License-Identifier: Apache-2.0
package dev.resumable.content;

import dev.resumable.servlet.BufferPool;
import dev.resumable.servlet.Container;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The output stream of a response, into which blocks are written: as buffers where it takes them, else as arrays.
 *
 * <p>Implementation note: {@code ServletOutputStream.write(ByteBuffer)} is of Servlet 6.1. The streams of all three containers
 * have the method before, and there it saves a copy; so it is looked up once for each class. Streams that others have put
 * around them get arrays.
 */
final class Outlet {

    private static final int ARRAY = 64 << 10;

    /** What Tomcat and Undertow cannot send at once of a non-blocking write they copy to the heap. */
    private static final int MOST_COPIED = 64 << 10;

    /** Between two writes alone it is seen that the client takes something. */
    private static final int MOST_UNSEEN = 128 << 10;

    private static final ClassValue<Optional<MethodHandle>> WRITE_BUFFER = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> type) {
            return writeBuffer(type);
        }
    };

    private final ServletOutputStream stream;
    private final AnswerObserver observer;
    private final Optional<MethodHandle> writeBuffer;
    private final int most;
    private byte[] array = {};

    private Outlet(ServletOutputStream stream, AnswerObserver observer, Optional<MethodHandle> writeBuffer, int most) {
        this.stream = stream;
        this.observer = observer;
        this.writeBuffer = writeBuffer;
        this.most = most;
    }

    private static Optional<MethodHandle> writeBuffer(Class<?> type) {
        try {
            MethodHandle found = MethodHandles.publicLookup()
                    .findVirtual(type, "write", MethodType.methodType(void.class, ByteBuffer.class));
            return Optional.of(found.asType(MethodType.methodType(void.class, OutputStream.class, ByteBuffer.class)));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    /** For writes that wait for the client. */
    static Outlet blocking(ServletOutputStream stream, AnswerObserver observer) {
        boolean own = Container.of(stream) != Container.OTHER;
        Optional<MethodHandle> writeBuffer = own ? WRITE_BUFFER.get(stream.getClass()) : Optional.empty();
        return new Outlet(stream, observer, writeBuffer, MOST_UNSEEN);
    }

    /** For a stream of the container's own that has a write listener or is about to get one. */
    static Outlet nonBlocking(ServletOutputStream stream, HttpServletResponse response, AnswerObserver observer) {
        Container container = Container.of(stream);
        Optional<MethodHandle> writeBuffer = container == Container.UNDERTOW && !takesBuffers(response)
                ? Optional.empty()
                : WRITE_BUFFER.get(stream.getClass());
        return new Outlet(stream, observer, writeBuffer, container == Container.JETTY ? MOST_UNSEEN : MOST_COPIED);
    }

    /**
     * True if Undertow has been brought to take buffers without spoiling them.
     *
     * <p>Where such a write fills the socket, Undertow sends what lies in its own buffer from older writes before the rest. A
     * buffer of no bytes holds none.
     */
    private static boolean takesBuffers(HttpServletResponse response) {
        try {
            response.setBufferSize(0);
            return response.getBufferSize() == 0;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    ServletOutputStream stream() {
        return stream;
    }

    /**
     * Writes from the block: all of it, or as much as is good for one non-blocking write.
     *
     * @throws IOException of the stream, as it came
     */
    void write(ByteBuffer block) throws IOException {
        ByteBuffer part = block.slice(block.position(), Math.min(bound(block), block.remaining()));
        block.position(block.position() + part.remaining());
        try {
            if (part.hasArray()) {
                stream.write(part.array(), part.arrayOffset(), part.remaining());
            } else if (writeBuffer.isPresent()) {
                writeBuffer.get().invokeExact((OutputStream) stream, part);
            } else {
                writeCopied(part);
            }
        } catch (IOException e) {
            observer.clientLeft(e);
            throw e;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private int bound(ByteBuffer block) {
        // Of the large ones there are few, for clients that take them at once.
        return block.remaining() > most && BufferPool.LARGE.hasMade(block) ? BufferPool.LARGE_SIZE : most;
    }

    private void writeCopied(ByteBuffer part) throws IOException {
        if (array.length == 0) {
            array = new byte[ARRAY];
        }
        while (part.hasRemaining()) {
            int count = Math.min(array.length, part.remaining());
            part.get(array, 0, count);
            stream.write(array, 0, count);
        }
    }

    /** Pushes out what the container holds of a body that is all written, where it would else wait for the client. */
    void end() throws IOException {
        if (Container.of(stream) == Container.TOMCAT) {
            try {
                stream.flush();
            } catch (IOException e) {
                observer.clientLeft(e);
                throw e;
            }
        }
    }
}
