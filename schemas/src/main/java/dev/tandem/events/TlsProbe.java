package dev.tandem.events;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;

/**
 * Whether a listener speaks TLS, found out before a client without TLS is made: that takes the first bytes of the alert for a
 * length, 350 MB, and a small service runs out of memory.
 */
final class TlsProbe {
    private static final int MILLIS = 2_000;
    private static final int ALERT = 0x15;
    /** What every Kafka broker answers: ApiVersions (18), version 0, correlation 0, no client id; its length before it. */
    private static final byte[] REQUEST = {0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 0, -1, -1};

    private TlsProbe() {}

    /** Whether one of these brokers answers what is not encrypted with an alert of TLS. */
    static boolean findsTls(String servers) {
        return Arrays.stream(servers.split(",")).map(String::strip).anyMatch(TlsProbe::alerts);
    }

    private static boolean alerts(String server) {
        String host = Utils.getHost(server);
        Integer port = Utils.getPort(server);
        if (host == null || port == null) {
            return false; // the client says so better
        }
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(MILLIS);
            socket.connect(new InetSocketAddress(host, port), MILLIS);
            socket.getOutputStream().write(REQUEST);
            return socket.getInputStream().read() == ALERT;
        } catch (IOException e) {
            return false; // nor is it TLS that keeps us from it
        }
    }
}
