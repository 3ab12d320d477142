package dev.tandem.evaluator.card;

import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.Backoff;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.InvalidModelException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that every promoted checkpoint has its card, one that was promoted by a person or just before a crash too. A card
 * that is there stays as it is.
 */
public final class Cards {
    private static final Logger LOG = LoggerFactory.getLogger(Cards.class);

    private final CheckpointStore store;
    private final History history;
    private final Backoff reaching;
    private final Set<String> settled = new HashSet<>();

    public Cards(CheckpointStore store, History history, Clock clock) {
        this.store = store;
        this.history = history;
        this.reaching = new Backoff(clock);
    }

    /** Writes those that are missing. A promotion never fails for want of a card. */
    public void writeMissing() {
        if (!reaching.mayTry()) {
            return;
        }
        for (PromotedCheckpoint promoted : history.promotions()) {
            if (settled.contains(promoted.id())) {
                continue;
            }
            try {
                writeIfMissing(promoted);
                settled.add(promoted.id());
                reaching.succeeded();
            } catch (CheckpointCorruptedException | InvalidModelException | IllegalArgumentException e) {
                settled.add(promoted.id());
                LOG.warn("No model card, for the checkpoint cannot be opened checkpoint={}", promoted.id(), e);
            } catch (IOException e) {
                LOG.warn("No model card yet; next try in {} checkpoint={}", reaching.failed(), promoted.id(), e);
                return;
            }
        }
    }

    private void writeIfMissing(PromotedCheckpoint promoted) throws IOException {
        if (store.card(promoted.id()).isEmpty()) {
            Checkpoint checkpoint = store.open(URI.create(promoted.uri()), promoted.digest());
            store.describe(promoted.id(), ModelCard.of(promoted, history, checkpoint));
            LOG.info("Wrote the model card checkpoint={}", promoted.id());
        }
    }
}
