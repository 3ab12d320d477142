package dev.tandem.evaluator.scoring;

import static java.util.Objects.requireNonNull;

import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A checkpoint opened for ranking: its encoders, with the corpus embedded by them.
 *
 * <p>One thread calls {@link #sync}; ranking may be asked from any.
 */
public final class CheckpointModel implements AutoCloseable {
    /** Queries whose pairs are scored in one call. */
    private static final int QUERIES_PER_CALL = 16;
    /** A pair is about twice as long as a passage. */
    private static final int UNITS_PER_PAIR = 2;

    private final String id;
    private final String retrieverFiles;
    private final TwoEncoders encoders;
    private final EmbeddedCorpus embedded;
    private volatile Corpus.Snapshot corpus = new Corpus.Snapshot(-1, Map.of());
    private volatile boolean rerankerConstant;

    private CheckpointModel(String id, String retrieverFiles, TwoEncoders encoders, EmbeddedCorpus embedded) {
        this.id = id;
        this.retrieverFiles = retrieverFiles;
        this.encoders = encoders;
        this.embedded = embedded;
    }

    /**
     * Opens a verified checkpoint; its cross encoder only if that was trained.
     *
     * @param others open models; the embeddings of one whose retriever has the very same files are shared
     */
    public static CheckpointModel open(
            Checkpoint checkpoint, CheckpointManifest manifest, Compute compute, List<CheckpointModel> others) {
        String retrieverFiles = retrieverFiles(manifest);
        DualEncoder retriever = DualEncoder.open(checkpoint.directory(), compute);
        try {
            CrossEncoder reranker =
                    manifest.header().rerankerTrained() ? CrossEncoder.open(checkpoint.directory(), compute) : null;
            EmbeddedCorpus embedded = others.stream()
                    .filter(other -> other.retrieverFiles.equals(retrieverFiles))
                    .map(other -> other.embedded)
                    .findFirst()
                    .orElseGet(() -> new EmbeddedCorpus(retriever.dimension()));
            return new CheckpointModel(checkpoint.id(), retrieverFiles, new TwoEncoders(retriever, reranker), embedded);
        } catch (RuntimeException e) {
            retriever.close();
            throw e;
        }
    }

    /**
     * A model that is no checkpoint.
     *
     * @param reranker empty where there is none, or an untrained one
     */
    public static CheckpointModel of(String name, DualEncoder retriever, Optional<CrossEncoder> reranker) {
        EmbeddedCorpus embedded = new EmbeddedCorpus(retriever.dimension());
        return new CheckpointModel(name, name, new TwoEncoders(retriever, reranker.orElse(null)), embedded);
    }

    /** All that decides an embedding: digests of everything beside the cross encoder and the state of training. */
    private static String retrieverFiles(CheckpointManifest manifest) {
        TreeMap<String, String> digests = new TreeMap<>();
        manifest.files().forEach((path, file) -> {
            if (!path.startsWith("cross-encoder/") && !path.startsWith("training/")) {
                digests.put(path, file.sha256());
            }
        });
        return digests.toString();
    }

    public String id() {
        return id;
    }

    public boolean isRerankerTrained() {
        return encoders.isRerankerTrained();
    }

    /** Passages it can find. */
    public int passages() {
        return embedded.size();
    }

    /** Number of passages that {@link #sync} would embed. */
    public int toEmbed(Corpus.Snapshot current) {
        return embedded.missing(current);
    }

    /**
     * Writes the embeddings of all passages it can find into an {@link dev.tandem.retrieval.index.EmbeddingFile}; any thread
     * may ask for it.
     *
     * @param file not there yet
     * @param space vector space of its encoders
     */
    public void writeEmbeddings(Path file, String space) throws IOException {
        embedded.write(file, space);
    }

    /** Embeds what was published since the last time. */
    public void sync(Corpus.Snapshot current, Progress progress) {
        embedded.sync(current, encoders.retriever()::encodePassages, progress);
        corpus = current;
    }

    /** Finds what another model has embedded where its retriever is the very same; else nothing happens. */
    public void follow(CheckpointModel other) {
        if (embedded == other.embedded) {
            corpus = other.corpus;
        }
    }

    /** What makes it unfit to serve, in words; empty when it is sound. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (embedded.isCollapsed()) {
            faults.add("all %,d passages have the same embedding".formatted(embedded.size()));
        }
        if (rerankerConstant) {
            faults.add("the re-ranker gives every passage the same score");
        }
        return faults;
    }

    /** Text and title of a passage it found. */
    public Optional<Passage> passage(String id) {
        return Optional.ofNullable(corpus.passages().get(requireNonNull(id, "id is null")));
    }

    /**
     * Ranks queries: retrieves, and re-ranks the top hits if its re-ranker is trained.
     *
     * @param depth passages retrieved per query
     * @param rerankDepth passages re-ranked per query
     */
    public List<StagedRanking> rank(List<String> queries, int depth, int rerankDepth, Progress progress) {
        List<StagedRanking> ranked = new ArrayList<>(queries.size());
        rank(queries, depth, rerankDepth, progress, ranked::add);
        return ranked;
    }

    /** The same, one after the other in the order of the queries: few are in memory at a time. */
    void rank(List<String> queries, int depth, int rerankDepth, Progress progress, Consumer<StagedRanking> each) {
        if (queries.isEmpty() || embedded.size() == 0) {
            queries.forEach(query -> each.accept(StagedRanking.retrieved(Ranking.EMPTY)));
            return;
        }
        progress.begin(
                isRerankerTrained()
                        ? "retrieving and re-ranking for %,d queries".formatted(queries.size())
                        : "retrieving for %,d queries".formatted(queries.size()),
                (long) queries.size() * units(rerankDepth));
        ScoreSpread spread = new ScoreSpread();
        for (int from = 0; from < queries.size(); from += QUERIES_PER_CALL) {
            List<String> part = queries.subList(from, Math.min(queries.size(), from + QUERIES_PER_CALL));
            rankPart(part, depth, rerankDepth, spread).forEach(each);
            progress.done((long) part.size() * units(rerankDepth));
        }
        if (isRerankerTrained()) {
            rerankerConstant = spread.isConstant();
        }
    }

    /** The top k of each query by the retriever alone. */
    List<Ranking> retrieve(List<String> queries, int k) {
        List<Ranking> retrieved = new ArrayList<>(queries.size());
        for (int from = 0; from < queries.size() && embedded.size() > 0; from += QUERIES_PER_CALL) {
            List<String> part = queries.subList(from, Math.min(queries.size(), from + QUERIES_PER_CALL));
            retrieved.addAll(embedded.search(encoders.embed(part), k));
        }
        return retrieved;
    }

    /** The top k by the retriever alone. */
    public Ranking retrieve(String query, int k) {
        return retrieve(List.of(query), k).stream().findFirst().orElse(Ranking.EMPTY);
    }

    private int units(int rerankDepth) {
        return isRerankerTrained() ? UNITS_PER_PAIR * rerankDepth : 1;
    }

    private List<StagedRanking> rankPart(List<String> queries, int depth, int rerankDepth, ScoreSpread spread) {
        List<Ranking> retrieved = embedded.search(encoders.embed(queries), depth);
        return encoders.rerank(queries, retrieved, rerankDepth, corpus.passages(), spread);
    }

    /**
     * Ranks some passages for one query, whether its corpus is embedded or not: every one of them is encoded.
     *
     * @param rerankDepth passages re-ranked
     */
    public StagedRanking rankAmong(String query, Collection<Passage> passages, int rerankDepth) {
        Map<String, Passage> byId = new LinkedHashMap<>();
        passages.forEach(passage -> byId.put(passage.id(), passage));
        Ranking retrieved = encoders.retrieve(query, List.copyOf(byId.values()));
        return encoders.rerank(List.of(query), List.of(retrieved), rerankDepth, byId, new ScoreSpread())
                .get(0);
    }

    @Override
    public void close() {
        encoders.close();
    }
}
