package dev.tandem.quickstart.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port of the loopback interface that leads to another one and can be cut: then nothing passes and nothing is refused, as
 * in a network that drops packets. What was under way arrives when it is mended.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final int port = FreePort.next();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket server;
    private boolean isCut;
    private boolean isClosed;

    /** Where clients come. */
    public int port() {
        return port;
    }

    /** Takes connections from now on; returns at once. Whoever comes while nobody listens at the target is sent away. */
    public synchronized TcpProxy start(int target) {
        try {
            server = new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen at port " + port, e);
        }
        ServerSocket listening = server;
        run("proxy-" + port, () -> {
            while (true) {
                Socket client = listening.accept();
                run("proxy-" + port + "-in", () -> connect(client, target));
            }
        });
        return this;
    }

    /** Nothing passes until {@link #mend}. */
    public synchronized void cut() {
        isCut = true;
    }

    /** All passes again, beginning with what was held back. */
    public synchronized void mend() {
        isCut = false;
        notifyAll();
    }

    private void connect(Socket client, int target) throws IOException, InterruptedException {
        try (client) {
            sockets.add(client);
            awaitMended();
            try (Socket broker = new Socket(InetAddress.getLoopbackAddress(), target)) {
                sockets.add(broker);
                client.setTcpNoDelay(true);
                broker.setTcpNoDelay(true);
                run("proxy-" + port + "-out", () -> pass(broker, client));
                pass(client, broker);
                sockets.remove(broker);
            }
        } finally {
            sockets.remove(client);
        }
    }

    /** Until either end has closed; then both are. */
    private void pass(Socket from, Socket to) throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitMended();
                out.write(buffer, 0, read);
            }
            awaitMended(); // nor does the end of a connection pass
        }
    }

    private synchronized void awaitMended() throws InterruptedException {
        while (isCut && !isClosed) {
            wait();
        }
    }

    /** What a thread of a connection does; it ends with the connection. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void run(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        return; // the connection is over; each end knows by itself
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends all connections. */
    @Override
    public synchronized void close() {
        isClosed = true;
        notifyAll();
        try {
            if (server != null) {
                server.close();
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close port " + port, e);
        }
    }
}
