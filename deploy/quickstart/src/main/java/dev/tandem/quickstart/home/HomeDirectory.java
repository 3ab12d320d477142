package dev.tandem.quickstart.home;

import dev.tandem.retrieval.file.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything of a quickstart on disk, used by one launcher at a time.
 *
 * <pre>
 * home/corpus-…/   the corpus, made once
 *     /run/        broker's data, checkpoints, miner's state, logs of the latest run (or where --keep says)
 *     /running.json
 * </pre>
 */
public final class HomeDirectory implements AutoCloseable {
    private final Path home;
    private final Path run;
    private final DirectoryLock lock;

    private HomeDirectory(Path home, Path run, DirectoryLock lock) {
        this.home = home;
        this.run = run;
        this.lock = lock;
    }

    /**
     * Takes the directory for a new run; what the latest run left there is removed.
     *
     * @throws IOException if another quickstart runs there, or it cannot be written
     */
    public static HomeDirectory fresh(Path home) throws IOException {
        HomeDirectory taken = take(home, home.resolve("run"));
        delete(taken.run);
        Files.createDirectories(taken.run);
        return taken;
    }

    /** Takes the directory for a run whose data is kept elsewhere, and goes on from what is there already. */
    public static HomeDirectory keeping(Path home, Path run) throws IOException {
        HomeDirectory taken = take(home, run.toAbsolutePath());
        Files.createDirectories(taken.run);
        return taken;
    }

    private static HomeDirectory take(Path home, Path run) throws IOException {
        Path absolute = home.toAbsolutePath();
        DirectoryLock lock = DirectoryLock.take(
                absolute,
                "A quickstart is running in %s already. Stop it, or take another directory by --home."
                        .formatted(absolute));
        return new HomeDirectory(absolute, run, lock);
    }

    public Path home() {
        return home;
    }

    /** Data of this run. */
    public Path run() {
        return run;
    }

    public Path logs() {
        return run.resolve("logs");
    }

    public Path checkpoints() {
        return run.resolve("checkpoints");
    }

    @Override
    public void close() throws IOException {
        RunningQuickstart.withdraw(home);
        lock.close();
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
