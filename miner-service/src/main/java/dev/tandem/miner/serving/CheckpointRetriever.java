package dev.tandem.miner.serving;

import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A champion: its dual encoder with the index made by it, and its cross encoder if that was trained. */
public final class CheckpointRetriever implements Retriever {
    private final String id;
    private final DualEncoder dualEncoder;
    private final CrossEncoder crossEncoder;
    private final PassageEncoding passageEncoding;
    private final ServingIndex index;

    private CheckpointRetriever(
            String id,
            DualEncoder dualEncoder,
            CrossEncoder crossEncoder,
            PassageEncoding passageEncoding,
            ServingIndex index) {
        this.id = id;
        this.dualEncoder = dualEncoder;
        this.crossEncoder = crossEncoder;
        this.passageEncoding = passageEncoding;
        this.index = index;
    }

    /**
     * Opens a promoted checkpoint after its files were verified against the promotion; the index is empty.
     *
     * @param passages that it will be given, about so many: it bounds what is taken of the embeddings offered with the promotion
     * @throws IOException if the store cannot be reached
     */
    public static CheckpointRetriever open(
            CheckpointStore store, Promotion promotion, int passages, Compute compute, IndexSettings indexing)
            throws IOException {
        Checkpoint checkpoint = store.open(promotion.uri(), promotion.digest());
        if (!checkpoint.id().equals(promotion.checkpointId())) {
            throw new IllegalArgumentException("The promotion names checkpoint %s but its URI leads to %s"
                    .formatted(promotion.checkpointId(), checkpoint.id()));
        }
        return open(
                checkpoint,
                promotion.rerankerTrained(),
                compute,
                indexing,
                dimension -> promotion
                        .embeddings()
                        .map(uri -> target -> store.embeddings()
                                .fetch(checkpoint.id(), uri, PassageEncoding.mostBytes(dimension, passages), target)));
    }

    /**
     * Opens a checkpoint outside of any store after its files were verified against its manifest; the index is empty.
     *
     * @throws dev.tandem.retrieval.checkpoint.CheckpointCorruptedException if it is incomplete or changed
     */
    public static CheckpointRetriever open(Path directory, Compute compute) throws IOException {
        Checkpoint checkpoint = CheckpointStore.copyIn(directory);
        return open(
                checkpoint,
                CheckpointStore.manifest(checkpoint).header().rerankerTrained(),
                compute,
                IndexSettings.IN_MEMORY,
                dimension -> Optional.empty());
    }

    /** What is offered of embeddings of a dimension. */
    private interface Offers {
        Optional<EmbeddingOffer> of(int dimension);
    }

    private static CheckpointRetriever open(
            Checkpoint checkpoint, boolean rerankerTrained, Compute compute, IndexSettings indexing, Offers offers) {
        DualEncoder dualEncoder = DualEncoder.open(checkpoint.directory(), compute);
        try {
            CrossEncoder crossEncoder = rerankerTrained ? CrossEncoder.open(checkpoint.directory(), compute) : null;
            return new CheckpointRetriever(
                    checkpoint.id(),
                    dualEncoder,
                    crossEncoder,
                    PassageEncoding.open(
                            indexing,
                            checkpoint.digest(),
                            compute.space(checkpoint.digest()),
                            dualEncoder.dimension(),
                            offers.of(dualEncoder.dimension()),
                            dualEncoder::encodePassages),
                    ServingIndex.open(indexing, dualEncoder.dimension(), checkpoint.digest()));
        } catch (RuntimeException e) {
            dualEncoder.close();
            throw e;
        }
    }

    /** Deletes what a process that was killed has left; to be called before any checkpoint is opened. */
    public static void discardLeftovers(IndexSettings indexing) {
        ServingIndex.discardLeftovers(indexing);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void put(List<Passage> passages) {
        if (passages.isEmpty()) {
            return;
        }
        float[][] embeddings_ND = passageEncoding.encode(passages);
        for (int i = 0; i < embeddings_ND.length; i++) {
            index.put(passages.get(i).id(), embeddings_ND[i]);
        }
    }

    @Override
    public void remove(String passageId) {
        index.remove(passageId);
        passageEncoding.remove(passageId);
    }

    @Override
    public List<Ranking> search(List<Query> queries, int k) {
        float[][] queries_BD =
                dualEncoder.encodeQueries(queries.stream().map(Query::text).toList());
        return index.search(queries_BD, k);
    }

    @Override
    public IndexState index() {
        return index.state(passageEncoding.sources());
    }

    @Override
    public boolean canScore() {
        return crossEncoder != null;
    }

    @Override
    public float[] score(List<Pair> pairs) {
        return crossEncoder.score(pairs.stream()
                .map(pair -> new QueryPassage(pair.query().text(), pair.passage()))
                .toList());
    }

    @Override
    public void close() {
        index.close();
        passageEncoding.close();
        dualEncoder.close();
        if (crossEncoder != null) {
            crossEncoder.close();
        }
    }
}
