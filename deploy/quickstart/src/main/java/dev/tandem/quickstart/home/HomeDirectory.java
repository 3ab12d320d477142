package dev.tandem.quickstart.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    private final FileChannel lockFile;

    private HomeDirectory(Path home, Path run, FileChannel lockFile) {
        this.home = home;
        this.run = run;
        this.lockFile = lockFile;
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
        Files.createDirectories(absolute);
        FileChannel lockFile =
                FileChannel.open(absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(lockFile)) {
            lockFile.close();
            throw new IOException("A quickstart is running in %s already. Stop it, or take another directory by --home."
                    .formatted(absolute));
        }
        return new HomeDirectory(absolute, run, lockFile);
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by this process
        }
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
        lockFile.close();
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
