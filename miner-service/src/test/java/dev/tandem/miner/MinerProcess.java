package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A {@link MinerChild} seen from outside: it is asked, and it is killed. */
final class MinerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    private MinerProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(UTF_8);
    }

    /** Begins to start it; what it remembers is in a directory, its complaints come to this process. */
    static MinerProcess start(String bootstrapServers, Path directory) {
        try {
            return new MinerProcess(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:TieredStopAtLevel=1", // it starts often
                            "-XX:+UseSerialGC",
                            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                            "-cp",
                            System.getProperty("java.class.path"),
                            MinerChild.class.getName(),
                            bootstrapServers,
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("miner.log").toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it is caught up, and its counts, by name. */
    Map<String, Long> ask() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String line = answers.readLine();
            while (line != null && !line.startsWith(MinerChild.ANSWER)) {
                line = answers.readLine();
            }
            if (line == null) {
                throw new IllegalStateException("The miner has ended; see its log");
            }
            Map<String, Long> counts = new TreeMap<>();
            for (String count : line.substring(MinerChild.ANSWER.length()).split(" ", -1)) {
                int equals = count.lastIndexOf('=');
                counts.put(count.substring(0, equals), Long.parseLong(count.substring(equals + 1)));
            }
            return counts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it with signal 9 after it has lived on for some time. */
    void killAfter(Duration time) throws InterruptedException {
        if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("The miner ended by itself with status " + process.exitValue());
        }
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
