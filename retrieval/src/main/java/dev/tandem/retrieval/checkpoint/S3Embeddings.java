package dev.tandem.retrieval.checkpoint;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Embeddings as one object below the key of their checkpoint. */
final class S3Embeddings implements OfferedEmbeddings {
    private final S3CheckpointStore store;
    private final S3Location location;
    private final S3Objects objects;
    private final CheckpointCache cache;

    S3Embeddings(S3CheckpointStore store, S3Location location, S3Objects objects, CheckpointCache cache) {
        this.store = store;
        this.location = location;
        this.objects = objects;
        this.cache = cache;
    }

    @Override
    public URI offer(String id, Content embeddings) throws IOException {
        CheckpointManifest.requireId(id);
        Path aside = cache.aside(id);
        try {
            embeddings.writeTo(aside);
            String key = location.key(id, EmbeddingsName.of(aside));
            List<String> former = keys(id);
            objects.upload(key, aside);
            if (store.readManifest(id).isEmpty()) { // nobody would ever delete it
                objects.delete(key);
                throw CheckpointCorruptedException.missing(id, location);
            }
            for (String old : former) {
                if (!old.equals(key)) {
                    objects.delete(old);
                }
            }
            return at(id, key);
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    @Override
    public Optional<URI> find(String id) throws IOException {
        CheckpointManifest.requireId(id);
        return keys(id).stream().findFirst().map(key -> at(id, key));
    }

    @Override
    public void fetch(String id, String uri, long mostBytes, Path target) throws IOException {
        String name = EmbeddingsName.at(store.uri(id), uri);
        try {
            boolean isThere = objects.downloadAtMost(location.key(id, name), target, mostBytes);
            if (!isThere) {
                throw EmbeddingsName.missing(name, store.uri(id));
            }
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        }
        EmbeddingsName.requireContent(name, target);
    }

    @Override
    public void withdraw(String id) throws IOException {
        CheckpointManifest.requireId(id);
        for (String key : keys(id)) {
            objects.delete(key);
        }
    }

    private URI at(String id, String key) {
        return URI.create(
                store.uri(id) + "/" + key.substring(location.key(id, "").length()));
    }

    private List<String> keys(String id) throws IOException {
        String directory = location.key(id, "");
        return objects.keys(directory + EmbeddingsName.PREFIX).stream()
                .filter(key -> EmbeddingsName.isOne(key.substring(directory.length())))
                .toList();
    }
}
