package dev.tandem.retrieval.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/** Embeddings in the directory of their checkpoint, written aside and moved into place. */
final class DirectoryEmbeddings implements OfferedEmbeddings {
    private final DirectoryCheckpointStore store;
    private final Path root;

    DirectoryEmbeddings(DirectoryCheckpointStore store, Path root) {
        this.store = store;
        this.root = root;
    }

    @Override
    public URI offer(String id, Content embeddings) throws IOException {
        CheckpointManifest.requireId(id);
        Path aside = UnfinishedCheckpoint.aside(root, id);
        try {
            embeddings.writeTo(aside);
            String name = EmbeddingsName.of(aside);
            FileTree.force(aside, StandardOpenOption.WRITE);
            Path directory = store.find(id)
                    .orElseThrow(() -> CheckpointCorruptedException.missing(id, root))
                    .directory();
            List<Path> former = in(directory);
            Files.move(aside, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            for (Path old : former) {
                if (!old.endsWith(name)) {
                    Files.deleteIfExists(old);
                }
            }
            return at(id, name);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    @Override
    public Optional<URI> find(String id) throws IOException {
        CheckpointManifest.requireId(id);
        return in(root.resolve(id)).stream()
                .findFirst()
                .map(file -> at(id, file.getFileName().toString()));
    }

    @Override
    public void fetch(String id, String uri, long mostBytes, Path target) throws IOException {
        String name = EmbeddingsName.at(store.uri(id), uri);
        Path directory = root.resolve(id);
        Path file = directory.resolve(name);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw EmbeddingsName.missing(name, store.uri(id));
        }
        if (Files.size(file) > mostBytes) {
            throw new CheckpointCorruptedException(
                    "%s has %d bytes, expected at most %d".formatted(file, Files.size(file), mostBytes));
        }
        try {
            Files.copy(file, target);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        }
        EmbeddingsName.requireContent(name, target);
    }

    @Override
    public void withdraw(String id) throws IOException {
        CheckpointManifest.requireId(id);
        for (Path file : in(root.resolve(id))) {
            Files.deleteIfExists(file);
        }
    }

    private URI at(String id, String name) {
        return URI.create(store.uri(id) + "/" + name);
    }

    private static List<Path> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        return FileTree.children(directory).stream()
                .filter(child -> EmbeddingsName.isOne(child.getFileName().toString()))
                .toList();
    }
}
