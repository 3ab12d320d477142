package dev.tandem.miner;

import dev.tandem.events.Topics;
import dev.tandem.miner.mining.CandidateListMiner;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.PromotedRetriever;
import java.time.Clock;

/**
 * What the mining loop works with.
 *
 * @param corpus the passages, kept up by the retriever
 * @param reminePerSecond queries mined again per second after a promotion, at most
 */
record MiningParts(
        Topics topics,
        MinerClients clients,
        Corpus corpus,
        PromotedRetriever retriever,
        CandidateListMiner miner,
        double reminePerSecond,
        Clock clock) {
    MiningParts {
        if (!(reminePerSecond > 0)) {
            throw new IllegalArgumentException("Expected a rate above 0 for mining again, got " + reminePerSecond);
        }
    }
}
