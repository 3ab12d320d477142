package dev.tandem.evaluator;

import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import dev.tandem.evaluator.scoring.CheckpointModel;
import dev.tandem.retrieval.checkpoint.Backoff;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends along with a promotion the embeddings that were made for its evaluation, so that the miner need not make them again.
 *
 * <p>They stand beside the checkpoint in the store. Those of the champion stay, and those of the champion before it for a
 * rollback; older ones are withdrawn. A promotion never fails for want of them.
 */
final class EmbeddingOffers {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddingOffers.class);

    private final CheckpointStore store;
    private final Models models;
    private final Compute compute;
    private final Backoff reaching;
    private final Set<String> withdrawn = new HashSet<>();

    /**
     * Nothing was offered yet.
     *
     * @param compute what the models compute with
     */
    EmbeddingOffers(CheckpointStore store, Models models, Compute compute, Clock clock) {
        this.store = store;
        this.models = models;
        this.compute = compute;
        this.reaching = new Backoff(clock);
    }

    /** A promotion with the embeddings of its model; without, where they cannot be written. */
    PromotedCheckpoint withThoseOf(CheckpointModel model, PromotedCheckpoint promoted) {
        long began = System.nanoTime();
        try {
            String space = compute.space(promoted.digest());
            URI offered = store.embeddings().offer(promoted.id(), file -> model.writeEmbeddings(file, space));
            LOG.info(
                    "Embeddings go with the promotion checkpoint={} passages={} seconds={}",
                    promoted.id(),
                    model.passages(),
                    (System.nanoTime() - began) / 1e9);
            return promoted.offering(offered.toString());
        } catch (IOException | CheckpointCorruptedException e) {
            return without(promoted, e);
        }
    }

    /** A promotion with embeddings that are in the store or in memory; none are made for it. */
    PromotedCheckpoint withThoseAtHand(PromotedCheckpoint promoted) {
        try {
            Optional<URI> stored = store.embeddings().find(promoted.id());
            return stored.isPresent()
                    ? promoted.offering(stored.get().toString())
                    : models.borrow(promoted.id(), model -> withThoseOf(model, promoted))
                            .orElseGet(() -> promoted.offering(null));
        } catch (IOException e) {
            return without(promoted, e);
        }
    }

    private static PromotedCheckpoint without(PromotedCheckpoint promoted, Exception why) {
        LOG.warn(
                "The promotion goes without embeddings, the miner makes them itself checkpoint={} reason={}",
                promoted.id(),
                why.getMessage());
        return promoted.offering(null);
    }

    /** Deletes what no promotion needs any more; to be called now and then by one thread. */
    void withdrawOld(History history) {
        if (!reaching.mayTry()) {
            return;
        }
        String champion = history.championId();
        String former = history.formerChampion();
        for (PromotedCheckpoint promoted : history.promotions()) {
            String id = promoted.id();
            if (id.equals(champion) || id.equals(former)) {
                withdrawn.remove(id);
            } else if (promoted.embeddingsUri() != null && !withdrawn.contains(id)) {
                if (!withdraw(id)) {
                    return;
                }
                withdrawn.add(id);
            }
        }
    }

    private boolean withdraw(String id) {
        try {
            store.embeddings().withdraw(id);
            reaching.succeeded();
        } catch (IllegalArgumentException e) {
            LOG.debug("A promotion names no checkpoint that could be in the store checkpoint={}", id, e);
        } catch (IOException e) {
            LOG.warn("Old embeddings stay for now; next try in {} checkpoint={}", reaching.failed(), id, e);
            return false;
        }
        return true;
    }
}
