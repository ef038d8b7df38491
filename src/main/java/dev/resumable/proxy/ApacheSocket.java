// SPDX-License-Identifier: Apache-2.0
package dev.resumable.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.jspecify.annotations.Nullable;

/** The socket of a connection, which also knows what has come over it. */
final class ApacheSocket extends SocketHolder {

    private static final Logger LOG = System.getLogger(ApacheSocket.class.getName());

    private volatile @Nullable WatchedInput input;

    ApacheSocket(Socket socket) {
        super(socket);
    }

    ApacheSocket(SSLSocket tls, Socket socket) {
        super(tls, socket);
    }

    /** One and the same: threads that ask at the same time would each make one, of which the library keeps any. */
    @Override
    protected synchronized InputStream getInputStream(Socket of) throws IOException {
        WatchedInput known = input;
        if (known != null) {
            return known;
        }
        WatchedInput watched = new WatchedInput(of.getInputStream());
        input = watched;
        return watched;
    }

    /** What is read from; null before that has begun. */
    @Nullable
    WatchedInput input() {
        return input;
    }

    /** Closes it with a reset, below TLS, whoever else is about to: nothing can be written afterwards. */
    void breakOff() {
        try (Socket base = getBaseSocket()) {
            base.setSoLinger(true, 0);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection is closed already: {0}", e.toString());
        }
    }

    /** Ends our side of it, below TLS, whose own end would wait for a write. */
    void shutDownOutput() {
        try {
            getBaseSocket().shutdownOutput();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection is closed already: {0}", e.toString());
        }
    }
}
