package dev.tandem.retrieval.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Directories as a whole: their files, forced to disk, deleted. */
final class FileTree {
    private FileTree() {}

    /**
     * A directory, created where there is none, by its real path.
     *
     * @param what it is for, in words
     * @throws UncheckedIOException if it cannot be created
     */
    static Path create(Path directory, String what) {
        try {
            return Files.createDirectories(directory.toAbsolutePath().normalize())
                    .toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot create the %s %s; check the path and its permissions".formatted(what, directory), e);
        }
    }

    /** What lies directly in a directory. */
    static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (UncheckedIOException e) { // in the midst of it
            throw new IOException("Cannot list %s: %s".formatted(directory, e.getMessage()), e);
        }
    }

    /** Regular files below a directory, sorted; links are not followed. */
    static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            return tree.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Returns when every file and directory has reached the disk. */
    static void force(Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) tree::iterator) {
                force(path, Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE);
            }
        }
    }

    static void force(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
