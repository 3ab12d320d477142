package dev.tandem.miner.offline;

import dev.tandem.miner.mining.CandidateListMiner;
import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.retrieval.CandidateList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Mines a collection that is there as a whole, by the very code that mines the stream. */
public final class OfflineMining {
    private static final int QUERIES_PER_CALL = 32;

    private final Corpus corpus;
    private final Retriever retriever;
    private final MiningSettings settings;

    /**
     * @param corpus all passages
     * @param retriever with the same passages in its index
     */
    public OfflineMining(Corpus corpus, Retriever retriever, MiningSettings settings) {
        this.corpus = corpus;
        this.retriever = retriever;
        this.settings = settings;
    }

    /** Takes lists as they are made. */
    public interface Sink {
        /**
         * Takes the lists of some queries.
         *
         * @param done queries mined so far
         * @return whether to go on
         */
        boolean take(List<CandidateList> lists, int done);
    }

    /** Mines queries in their order, until they are over or the sink has had enough. */
    public void mine(List<TrainingQuery> queries, Sink sink) {
        CandidateListMiner miner = new CandidateListMiner(settings);
        boolean goesOn = true;
        for (int from = 0; from < queries.size() && goesOn; from += QUERIES_PER_CALL) {
            int to = Math.min(queries.size(), from + QUERIES_PER_CALL);
            goesOn = sink.take(miner.mine(retriever, corpus, queries.subList(from, to)), to);
        }
    }

    /** Up to {@code most} queries, drawn by a seed; each as likely as any other. */
    public static List<TrainingQuery> drawn(List<TrainingQuery> queries, int most, long seed) {
        List<TrainingQuery> shuffled = new ArrayList<>(queries);
        Collections.shuffle(shuffled, new Random(seed));
        return List.copyOf(shuffled.subList(0, Math.min(most, shuffled.size())));
    }
}
