package dev.tandem.miner.serving;

import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes passages with one encoder; what it encoded before, in this life or a former one, it takes from an {@link EmbeddingFile}.
 * An embedding is found by what it was made from, so a passage that was changed is encoded again. Without a file, or where the
 * file fails, everything is encoded. Used by one thread at a time.
 */
final class PassageEncoding implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PassageEncoding.class);
    /** Files beside the champion's: its predecessor's, so that a rollback encodes nothing. */
    private static final int MOST_OTHERS = 1;
    /** Embeddings nobody needs that a file may hold, beside as many as are needed. */
    private static final int SPARE = 10_000;

    /** What encodes, for example a dual encoder. */
    interface Encoder {
        float[][] encode(List<Passage> passages);
    }

    private final Encoder encoder;
    private final Map<String, ContentKey> keyOf = new HashMap<>();
    private EmbeddingFile file;
    private long encoded;

    private PassageEncoding(Encoder encoder, EmbeddingFile file) {
        this.encoder = encoder;
        this.file = file;
    }

    /**
     * Encoding with a file of the checkpoint's; those of other checkpoints are deleted, but for the last one.
     *
     * @param indexing where embeddings are kept, if anywhere
     * @param digest of the checkpoint
     * @param encoding everything else that decides what its embeddings are
     */
    static PassageEncoding open(
            IndexSettings indexing, String digest, String encoding, int dimension, Encoder encoder) {
        if (indexing.directory().isEmpty()) {
            return new PassageEncoding(encoder, null);
        }
        Path directory = indexing.directory().get().resolve("embeddings");
        Path path = directory.resolve(digest);
        try {
            EmbeddingFile file = EmbeddingFile.open(path, digest + " " + encoding, dimension);
            Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
            discardOld(path);
            return new PassageEncoding(encoder, file);
        } catch (IOException e) {
            LOG.warn("Embeddings cannot be kept, a restart will encode all passages again: {}", e.getMessage());
            return new PassageEncoding(encoder, null);
        }
    }

    private static void discardOld(Path champion) throws IOException {
        Map<Path, FileTime> others = new HashMap<>();
        try (Stream<Path> found = Files.list(champion.getParent())) {
            for (Path path : found.toList()) {
                others.put(path, Files.getLastModifiedTime(path));
            }
        }
        others.remove(champion);
        List<Path> oldestLast = new ArrayList<>(others.keySet());
        oldestLast.sort(Comparator.<Path, FileTime>comparing(others::get).reversed());
        for (Path path : oldestLast.subList(Math.min(MOST_OTHERS, oldestLast.size()), oldestLast.size())) {
            Files.delete(path);
        }
    }

    /** Embeddings in the order of the passages. */
    float[][] encode(List<Passage> passages) {
        float[][] embeddings_ND = new float[passages.size()][];
        Map<ContentKey, List<Integer>> missing = new LinkedHashMap<>();
        boolean isOneReplaced = false;
        for (int i = 0; i < embeddings_ND.length; i++) {
            ContentKey key = ContentKey.of(passages.get(i));
            ContentKey before = keyOf.put(passages.get(i).id(), key);
            isOneReplaced |= before != null && !before.equals(key);
            embeddings_ND[i] = kept(key);
            if (embeddings_ND[i] == null) {
                missing.computeIfAbsent(key, content -> new ArrayList<>()).add(i);
            }
        }
        if (!missing.isEmpty()) {
            encode(passages, missing, embeddings_ND);
        }
        if (isOneReplaced) {
            tidy();
        }
        return embeddings_ND;
    }

    private void encode(List<Passage> passages, Map<ContentKey, List<Integer>> missing, float[][] embeddings_ND) {
        List<float[]> made = List.of(encoder.encode(
                missing.values().stream().map(same -> passages.get(same.get(0))).toList()));
        encoded += made.size();
        int next = 0;
        for (List<Integer> same : missing.values()) {
            float[] embedding_D = made.get(next++);
            same.forEach(i -> embeddings_ND[i] = embedding_D);
        }
        change(kept -> kept.add(List.copyOf(missing.keySet()), made));
    }

    /** A passage is there no more. */
    void remove(String passageId) {
        if (keyOf.remove(passageId) != null) {
            tidy();
        }
    }

    /** Passages that were encoded, and not found. */
    long encoded() {
        return encoded;
    }

    private float[] kept(ContentKey key) {
        if (file == null) {
            return null;
        }
        try {
            return file.find(key);
        } catch (IOException e) {
            fail(e);
            return null;
        }
    }

    /** Keeps the file in proportion to the passages. Not while they come for the first time: what they need is not known yet. */
    private void tidy() {
        if (file != null && file.size() > 2L * keyOf.size() + SPARE) {
            change(kept -> kept.keepOnly(Set.copyOf(keyOf.values())));
        }
    }

    private interface Change {
        void to(EmbeddingFile kept) throws IOException;
    }

    private void change(Change change) {
        if (file != null) {
            try {
                change.to(file);
            } catch (IOException e) {
                fail(e);
            }
        }
    }

    private void fail(IOException e) {
        LOG.warn("Embeddings cannot be kept any more, a restart will encode passages again: {}", e.getMessage());
        close();
    }

    @Override
    public void close() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("Embeddings were not closed: {}", e.getMessage());
            }
            file = null;
        }
    }
}
