package dev.tandem.quickstart.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports nobody listens on. They lie below those that Linux gives to outgoing connections (from 32768), else one of a broker's
 * clients may take a port before the child that it was chosen for listens; and none is given twice.
 */
public final class FreePort {
    private static final int FIRST = 20_000;
    private static final int BEHIND_LAST = 32_768;
    private static final int TRIES = 200;
    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePort() {}

    /**
     * A port of the loopback interface that was free a moment ago.
     *
     * @throws IllegalStateException if none is found
     */
    public static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_LAST);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port of the loopback interface between %d and %d after %d tries"
                .formatted(FIRST, BEHIND_LAST, TRIES));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false; // somebody listens there
        }
    }
}
