package dev.tandem.quickstart.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One child JVM with its log; started again when it dies, until it dies too often or is asked to stop. */
public final class ChildProcess implements AutoCloseable {
    /** A child that dies more often than this within {@link #WITHIN} is broken. */
    static final int MOST_RESTARTS = 5;

    static final Duration WITHIN = Duration.ofMinutes(5);

    private final String name;
    private final JavaCommand command;
    private final Map<String, String> environment;
    private final Path log;
    private final Consumer<Death> deaths;
    private final Deque<Long> restarts = new ArrayDeque<>();

    private Process process;
    private boolean stopping;

    /**
     * A child that ended without being asked to.
     *
     * @param name of the child
     * @param exitCode what it ended with; 128 + n after signal n
     * @param log its log
     * @param restarted false if it has died too often and stays down
     */
    public record Death(String name, int exitCode, Path log, boolean restarted) {}

    /**
     * @param name for messages and the log file
     * @param environment added to this process's own
     * @param logs directory of the log
     * @param deaths told, on another thread, each time the child dies
     */
    public ChildProcess(
            String name, JavaCommand command, Map<String, String> environment, Path logs, Consumer<Death> deaths) {
        this.name = name;
        this.command = command;
        this.environment = Map.copyOf(environment);
        this.log = logs.resolve(name + ".log");
        this.deaths = deaths;
    }

    /** Starts it, also after it was stopped; returns at once. */
    public synchronized ChildProcess start() {
        stopping = false;
        try {
            Files.createDirectories(log.getParent());
            ProcessBuilder builder = new ProcessBuilder(command.line())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the %s".formatted(name), e);
        }
        Thread watch = new Thread(new Watch(process), name + "-watch");
        watch.setDaemon(true);
        watch.start();
        return this;
    }

    private final class Watch implements Runnable {
        private final Process watched;

        Watch(Process watched) {
            this.watched = watched;
        }

        @Override
        public void run() {
            try {
                afterExit(watched, watched.waitFor());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void afterExit(Process ended, int exitCode) {
        boolean restarted;
        synchronized (this) {
            if (stopping || ended != process) { // stopped, and perhaps started since
                return;
            }
            restarted = mayRestart(System.nanoTime());
            if (restarted) {
                start();
            }
        }
        deaths.accept(new Death(name, exitCode, log, restarted));
    }

    private boolean mayRestart(long now) {
        while (!restarts.isEmpty() && now - restarts.getFirst() > WITHIN.toNanos()) {
            restarts.removeFirst();
        }
        restarts.addLast(now);
        return restarts.size() <= MOST_RESTARTS;
    }

    public String name() {
        return name;
    }

    public Path log() {
        return log;
    }

    public synchronized long pid() {
        return process.pid();
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Ends it as a crash does, with kill -9; it is started again. */
    public synchronized void kill() {
        process.destroyForcibly();
    }

    /** Asks it to stop and waits; after the time it is killed. */
    public void stop(Duration patience) {
        Process stopped;
        synchronized (this) {
            stopping = true;
            stopped = process;
        }
        if (stopped == null || !stopped.isAlive()) {
            return;
        }
        stopped.destroy();
        try {
            if (!stopped.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                stopped.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            stopped.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(20));
    }
}
