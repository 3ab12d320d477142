package dev.tandem.quickstart.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TcpProxyTest {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOMENT_MILLIS = 200;

    private ServerSocket target;
    private TcpProxy proxy;

    @BeforeEach
    void open() throws IOException {
        target = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        proxy = new TcpProxy().start(target.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        target.close();
    }

    @Test
    void passesBothWaysAndTheEnd() throws IOException {
        try (Socket client = connect();
                Socket server = target.accept()) {
            client.getOutputStream().write(7);
            assertEquals(7, server.getInputStream().read());
            server.getOutputStream().write(8);
            assertEquals(8, client.getInputStream().read());

            server.close();

            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void holdsBackWhileItIsCutAndLosesNothing() throws IOException {
        try (Socket client = connect();
                Socket server = target.accept()) {
            proxy.cut();
            client.getOutputStream().write(7);
            server.setSoTimeout(MOMENT_MILLIS);
            assertThrows(
                    SocketTimeoutException.class, () -> server.getInputStream().read());

            proxy.mend();

            server.setSoTimeout(PATIENCE_MILLIS);
            assertEquals(7, server.getInputStream().read());
        }
    }

    @Test
    void letsWhoComesDuringACutWait() throws IOException {
        proxy.cut();
        try (Socket client = connect()) {
            client.getOutputStream().write(7);
            target.setSoTimeout(MOMENT_MILLIS);
            assertThrows(SocketTimeoutException.class, target::accept);

            proxy.mend();

            target.setSoTimeout(PATIENCE_MILLIS);
            try (Socket server = target.accept()) {
                assertEquals(7, server.getInputStream().read());
            }
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout(PATIENCE_MILLIS);
        return client;
    }
}
