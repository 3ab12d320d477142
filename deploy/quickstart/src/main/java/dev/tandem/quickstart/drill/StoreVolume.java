package dev.tandem.quickstart.drill;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The checkpoint store as a small file system of its own in memory (tmpfs), which can be filled and made read-only. Where it may
 * not be mounted the store is a plain directory and {@link #obstacle} says why.
 */
final class StoreVolume implements AutoCloseable {
    private static final String SIZE = "size=256m";
    private static final int TRIES = 50;
    private static final long BETWEEN_TRIES_MILLIS = 200;
    private static final long PATIENCE_SECONDS = 20;

    private final Path directory;
    private final Path ballast;
    private final Optional<String> obstacle;
    private boolean isClosed;

    private StoreVolume(Path directory, Optional<String> obstacle) {
        this.directory = directory;
        this.ballast = directory.resolve(".ballast");
        this.obstacle = obstacle;
    }

    /** A plain directory, for a drill that leaves the store alone. */
    static StoreVolume none(Path directory) {
        return new StoreVolume(directory, Optional.of("no fault of the store was asked for"));
    }

    /** Mounts it at a directory, which is created. */
    static StoreVolume mount(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Optional<String> trouble = run("mount", "-t", "tmpfs", "-o", SIZE, "tandem-drill", directory.toString());
        return new StoreVolume(
                directory,
                trouble.map(
                        said -> "no file system may be mounted here (%s); it takes root, or user namespaces (unshare)"
                                .formatted(said)));
    }

    Optional<String> obstacle() {
        return obstacle;
    }

    /** Waits for a moment in which no file is open for writing. */
    void forbidWriting() throws IOException, InterruptedException {
        remount("ro");
    }

    void allowWriting() throws IOException, InterruptedException {
        remount("rw");
    }

    private void remount(String mode) throws IOException, InterruptedException {
        Optional<String> trouble = Optional.empty();
        for (int i = 0; i < TRIES; i++) {
            trouble = run("mount", "-o", "remount," + SIZE + "," + mode, directory.toString());
            if (trouble.isEmpty()) {
                return;
            }
            Thread.sleep(BETWEEN_TRIES_MILLIS);
        }
        throw new IOException("Cannot mount %s %s: %s".formatted(directory, mode, trouble.orElseThrow()));
    }

    /** Writes until nothing more fits. */
    void fill() throws IOException {
        byte[] block = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!Files.exists(ballast) || directory.toFile().getUsableSpace() >= block.length) {
                throw e; // and not because it is full
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(ballast);
    }

    /** Keeps what is in it as plain files. */
    @Override
    public synchronized void close() {
        if (obstacle.isPresent() || isClosed) {
            return;
        }
        isClosed = true;
        Path kept = directory.resolveSibling(directory.getFileName() + ".kept");
        try {
            allowWriting();
            free();
            copy(directory, kept);
            Optional<String> trouble = run("umount", directory.toString());
            if (trouble.isEmpty()) {
                Files.delete(directory);
                Files.move(kept, directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unmount " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(to.resolve(from.relativize(found).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Runs a program; empty if it ended well, else what it said. */
    private static Optional<String> run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Optional.of(command[0] + " does not end");
        }
        return process.exitValue() == 0
                ? Optional.empty()
                : Optional.of(said.lines().findFirst().orElse(command[0]));
    }
}
