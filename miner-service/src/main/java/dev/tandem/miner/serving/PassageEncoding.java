package dev.tandem.miner.serving;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.index.ContentKey;
import dev.tandem.retrieval.index.EmbeddingFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes passages with one encoder; what it encoded before, in this life or a former one, it takes from an {@link EmbeddingFile},
 * which begins as a copy of the embeddings that came with the promotion, where they were offered and are in order.
 * An embedding is found by what it was made from, so a passage that was changed is encoded again. Without a file, or where the
 * file fails, everything is encoded. Used by one thread at a time.
 */
final class PassageEncoding implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PassageEncoding.class);
    /** Embeddings nobody needs that a file may hold, beside as many as are needed. */
    private static final int SPARE = 10_000;

    /** What encodes, for example a dual encoder. */
    interface Encoder {
        float[][] encode(List<Passage> passages);
    }

    private final Encoder encoder;
    private final boolean isOffered;
    private final Map<String, ContentKey> keyOf = new HashMap<>();
    private EmbeddingFile file;
    private volatile EmbeddingSources sources = EmbeddingSources.NONE;

    private PassageEncoding(Encoder encoder, EmbeddingFile file, boolean isOffered) {
        this.encoder = encoder;
        this.file = file;
        this.isOffered = isOffered;
    }

    /**
     * Encoding with a file of the checkpoint's; those of other checkpoints are deleted, but for the last one.
     *
     * @param indexing where embeddings are kept, if anywhere
     * @param digest of the checkpoint
     * @param space vector space of its embeddings
     * @param offer asked where there is no file of the checkpoint yet
     */
    static PassageEncoding open(
            IndexSettings indexing,
            String digest,
            String space,
            int dimension,
            Optional<EmbeddingOffer> offer,
            Encoder encoder) {
        return indexing.directory()
                .flatMap(directory ->
                        KeptEmbeddings.open(directory.resolve("embeddings"), digest, space, dimension, offer))
                .map(kept -> new PassageEncoding(encoder, kept.file(), kept.isOffered()))
                .orElseGet(() -> new PassageEncoding(encoder, null, false));
    }

    /** The most bytes of an offer for so many passages: the evaluator may know some more. */
    static long mostBytes(int dimension, int passages) {
        return EmbeddingFile.bytes(dimension, most(passages));
    }

    private static long most(int passages) {
        return 2L * passages + SPARE;
    }

    /** Embeddings in the order of the passages. */
    float[][] encode(List<Passage> passages) {
        float[][] embeddings_ND = new float[passages.size()][];
        Map<ContentKey, List<Integer>> missing = new LinkedHashMap<>();
        boolean isOneReplaced = false;
        int found = 0;
        for (int i = 0; i < embeddings_ND.length; i++) {
            ContentKey key = ContentKey.of(passages.get(i));
            ContentKey before = keyOf.put(passages.get(i).id(), key);
            isOneReplaced |= before != null && !before.equals(key);
            embeddings_ND[i] = kept(key);
            if (embeddings_ND[i] != null) {
                found++;
            } else {
                missing.computeIfAbsent(key, content -> new ArrayList<>()).add(i);
            }
        }
        if (!missing.isEmpty()) {
            encode(passages, missing, embeddings_ND);
        }
        count(found, missing.size(), passages.size());
        if (isOneReplaced) {
            tidy();
        }
        return embeddings_ND;
    }

    private void encode(List<Passage> passages, Map<ContentKey, List<Integer>> missing, float[][] embeddings_ND) {
        List<float[]> made = List.of(encoder.encode(
                missing.values().stream().map(same -> passages.get(same.get(0))).toList()));
        Map<ContentKey, float[]> added = new LinkedHashMap<>();
        missing.forEach((key, same) -> {
            float[] embedding_D = made.get(added.size());
            same.forEach(i -> embeddings_ND[i] = embedding_D);
            added.put(key, embedding_D);
        });
        change(kept -> kept.add(added));
    }

    private void count(int found, int encoded, int passages) {
        EmbeddingSources before = sources;
        sources = new EmbeddingSources(
                before.offered() + (isOffered ? found : 0),
                before.kept() + passages - encoded - (isOffered ? found : 0),
                before.encoded() + encoded);
    }

    /** A passage is there no more. */
    void remove(String passageId) {
        if (keyOf.remove(passageId) != null) {
            tidy();
        }
    }

    /** Where embeddings came from so far; asked by any thread. */
    EmbeddingSources sources() {
        return sources;
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
        if (file != null && file.size() > most(keyOf.size())) {
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
