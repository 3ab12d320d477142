package dev.tandem.retrieval.checkpoint;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory with one sub-directory per checkpoint, which is written aside and moved into place in one step. */
final class DirectoryCheckpointStore implements CheckpointStore {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCheckpointStore.class);

    private final Path root;

    DirectoryCheckpointStore(Path root) {
        this.root = FileTree.create(root, "checkpoint store");
    }

    @Override
    public Writing begin(String id) throws IOException {
        return new DirectoryWriting(UnfinishedCheckpoint.begin(root, id));
    }

    private final class DirectoryWriting implements Writing {
        private final UnfinishedCheckpoint unfinished;

        DirectoryWriting(UnfinishedCheckpoint unfinished) {
            this.unfinished = unfinished;
        }

        @Override
        public Path directory() {
            return unfinished.directory();
        }

        @Override
        public Checkpoint commit(CheckpointManifest.Header header) throws IOException {
            unfinished.seal(header);
            Optional<Checkpoint> before = before();
            if (before.isPresent()) {
                return before.get();
            }
            delete(unfinished.id());
            return unfinished.moveIntoPlace();
        }

        /** One that was written before a crash; a damaged one is none. */
        private Optional<Checkpoint> before() throws IOException {
            try {
                Optional<Checkpoint> found = find(unfinished.id());
                return found.isPresent()
                        ? Optional.of(open(uri(unfinished.id()), found.get().digest()))
                        : found;
            } catch (CheckpointCorruptedException e) {
                LOG.warn("A damaged checkpoint is replaced checkpoint={} reason={}", unfinished.id(), e.getMessage());
                return Optional.empty();
            }
        }

        @Override
        public void close() throws IOException {
            unfinished.close();
        }
    }

    @Override
    public URI uri(String id) {
        CheckpointManifest.requireId(id);
        return URI.create("file://" + root.toUri().getRawPath() + id);
    }

    @Override
    public Checkpoint open(URI uri, String digest) throws IOException {
        return CheckpointFiles.open(inside(uri), digest);
    }

    @Override
    public Optional<Checkpoint> find(String id) throws IOException {
        CheckpointManifest.requireId(id);
        Path directory = root.resolve(id);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        return Optional.of(new Checkpoint(id, directory, Digests.sha256(CheckpointFiles.manifest(directory))));
    }

    @Override
    public Optional<String> card(String id) throws IOException {
        CheckpointManifest.requireId(id);
        Path file = root.resolve(id).resolve(CheckpointFiles.CARD);
        boolean readable = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) <= CheckpointFiles.MAX_CARD_BYTES;
        return readable ? Optional.of(Files.readString(file)) : Optional.empty();
    }

    @Override
    public void describe(String id, String card) throws IOException {
        Path directory = find(id).orElseThrow(() -> CheckpointCorruptedException.missing(id, root))
                .directory();
        Path aside = directory.resolve("." + CheckpointFiles.CARD);
        Files.writeString(aside, card);
        Files.move(aside, directory.resolve(CheckpointFiles.CARD), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public OfferedEmbeddings embeddings() {
        return new DirectoryEmbeddings(this, root);
    }

    @Override
    public List<CheckpointManifest> list() throws IOException {
        List<CheckpointManifest> found = new ArrayList<>();
        for (Path child : FileTree.children(root)) {
            readable(child).ifPresent(found::add);
        }
        found.sort(CheckpointManifest.OLDEST_FIRST);
        return found;
    }

    private static Optional<CheckpointManifest> readable(Path child) throws IOException {
        if (UnfinishedCheckpoint.is(child) || !Files.isRegularFile(child.resolve(CheckpointManifest.FILE))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    CheckpointManifest.parse(child.getFileName().toString(), CheckpointFiles.manifest(child)));
        } catch (CheckpointCorruptedException e) {
            return Optional.empty(); // opening it by its event says what is wrong
        }
    }

    @Override
    public void delete(String id) throws IOException {
        CheckpointManifest.requireId(id);
        UnfinishedCheckpoint.delete(root.resolve(id));
    }

    @Override
    public void discardUnfinished() throws IOException {
        UnfinishedCheckpoint.discardAll(root);
    }

    private Path inside(URI uri) throws IOException {
        String expected = "Expected the URI of a checkpoint directly in %s, got %s".formatted(root.toUri(), uri);
        if (!"file".equals(uri.getScheme())
                || (uri.getAuthority() != null && !uri.getAuthority().isEmpty())
                || uri.getPath() == null) {
            throw new CheckpointCorruptedException(expected);
        }
        Path path = Path.of(uri.getPath());
        if (!path.equals(path.normalize()) || !root.equals(path.getParent())) {
            throw new CheckpointCorruptedException(expected);
        }
        if (!Files.isDirectory(root)) {
            throw new NoSuchFileException(root.toString(), null, "the checkpoint store is not there; is it mounted?");
        }
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            throw CheckpointCorruptedException.missing(path.getFileName().toString(), root);
        }
        return path;
    }
}
