package dev.tandem.miner.serving;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.checkpoint.Backoff;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a champion and encodes all passages with it; to be run again where the store could not be reached. */
final class IndexBuilding implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexBuilding.class);
    private static final int CHUNK = 256;

    private final List<Promotion> newestFirst;
    private final PromotedRetriever.Opening opening;
    private final List<Passage> passages;
    private final Backoff retries;
    private Retriever result;
    private boolean isOver;
    private boolean isPostponed;
    private volatile boolean isAbandoned;

    IndexBuilding(List<Promotion> newestFirst, PromotedRetriever.Opening opening, List<Passage> passages, Clock clock) {
        this.newestFirst = List.copyOf(newestFirst);
        this.opening = opening;
        this.passages = passages;
        this.retries = new Backoff(clock);
    }

    @Override
    public void run() {
        Retriever built = null;
        try {
            for (Promotion promotion : newestFirst) {
                if (built == null && !isAbandoned) {
                    built = build(promotion);
                }
            }
            finish(built);
        } catch (IOException e) {
            postpone(e);
        }
    }

    private synchronized void postpone(IOException unreachable) {
        isPostponed = true;
        LOG.warn(
                "The checkpoint store cannot be reached, what mined before goes on; next try in {}",
                retries.failed(),
                unreachable);
    }

    /** Whether it was postponed long enough; says so once. */
    synchronized boolean isToBeRunAgain() {
        boolean isTime = isPostponed && retries.mayTry();
        isPostponed &= !isTime;
        return isTime;
    }

    synchronized boolean isOver() {
        return isOver;
    }

    synchronized Optional<Retriever> result() {
        return Optional.ofNullable(result);
    }

    /** Nobody waits for it any more: what was built is closed. */
    synchronized void abandon() {
        isAbandoned = true;
        if (result != null) {
            result.close();
            result = null;
        }
    }

    private synchronized void finish(Retriever built) {
        if (isAbandoned && built != null) {
            built.close();
        } else {
            result = built;
        }
        isOver = true;
    }

    private Retriever build(Promotion promotion) throws IOException {
        Retriever next = null;
        try {
            next = opening.open(promotion, passages.size());
            for (int from = 0; from < passages.size() && !isAbandoned; from += CHUNK) {
                next.put(passages.subList(from, Math.min(passages.size(), from + CHUNK)));
            }
            return next;
        } catch (RuntimeException e) { // whatever is wrong with a checkpoint, the former champion goes on serving
            LOG.error(
                    "Checkpoint cannot serve and is skipped; what mined before goes on. checkpoint={} reason={}",
                    promotion.checkpointId(),
                    e.getMessage());
            LOG.debug("Why checkpoint {} cannot serve", promotion.checkpointId(), e);
            if (next != null) {
                next.close();
            }
            return null;
        }
    }
}
