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
 * @param remineShare of the time that is spent on mining again after a promotion, at most; above 0 to 1
 */
record MiningParts(
        Topics topics,
        MinerClients clients,
        Corpus corpus,
        PromotedRetriever retriever,
        CandidateListMiner miner,
        double remineShare,
        Clock clock) {
    MiningParts {
        if (!(remineShare > 0 && remineShare <= 1)) {
            throw new IllegalArgumentException(
                    "Expected a share of the time above 0 to 1 for mining again, got " + remineShare);
        }
    }
}
