package dev.tandem.miner;

import dev.tandem.miner.serving.IndexState;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the mining stands; published by its thread, read by any other.
 *
 * @param passages passages in the corpus
 * @param labelledQueries labelled queries that may be trained on
 * @param heldOut labelled queries kept for evaluation
 * @param lists lists sent since the topics were created
 * @param minedBy champion, or bm25
 * @param index the index that is searched
 * @param remined queries mined again since the last promotion
 * @param toRemine queries to be mined again after it
 * @param refused refused records by topic
 * @param readUpTo positions up to which passages, promotions and the labels of this instance are read
 * @param caughtUp whether all labels read so far are mined
 */
record MiningProgress(
        int passages,
        long labelledQueries,
        long heldOut,
        long lists,
        String minedBy,
        IndexState index,
        int remined,
        int toRemine,
        Map<String, Long> refused,
        Map<TopicPartition, Long> readUpTo,
        boolean caughtUp) {
    static final MiningProgress NONE =
            new MiningProgress(0, 0, 0, 0, "bm25", IndexState.WORDS, 0, 0, Map.of(), Map.of(), false);
}
