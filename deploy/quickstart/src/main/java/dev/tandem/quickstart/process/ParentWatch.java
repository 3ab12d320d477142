package dev.tandem.quickstart.process;

import java.io.IOException;

/** Ends a child JVM, in order, when its parent is gone; put in front of the child's own main method as a Java agent. */
public final class ParentWatch {
    private static final int TERMINATED = 143;

    private ParentWatch() {}

    /** Called by the JVM before the child's main method. */
    public static void premain(String arguments) {
        Thread watch = new Thread(ParentWatch::awaitEndOfParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEndOfParent() {
        try {
            while (System.in.read() >= 0) {
                // the parent never writes; the pipe closes when it ends, however it ends
            }
        } catch (IOException e) {
            System.err.println("Cannot watch the parent process, stopping: " + e.getMessage());
        }
        System.exit(TERMINATED);
    }
}
