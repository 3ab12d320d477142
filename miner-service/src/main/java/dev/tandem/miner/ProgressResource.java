package dev.tandem.miner;

import dev.tandem.miner.serving.IndexState;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;

/** Where the miner stands, for people and for the launcher. */
@Path("/progress")
public class ProgressResource {
    private final Miner miner;

    ProgressResource(Miner miner) {
        this.miner = miner;
    }

    /**
     * The answer.
     *
     * @param lists lists sent since the topics were created
     * @param minedBy what mines now: a checkpoint id, or bm25
     * @param index what is searched: its kind, its checkpoint's digest, and the share of an exact search's passages it finds
     * @param refused records that went to the dead letters, by topic
     * @param caughtUp whether everything sent so far has become lists, or was refused
     */
    public record Progress(
            int passages,
            long labelledQueries,
            long heldOut,
            long lists,
            String minedBy,
            IndexState index,
            Remining remining,
            Map<String, Long> refused,
            Clicks clicks,
            Impressions impressions,
            boolean caughtUp) {}

    /** How far the mining after the last promotion has come, in queries. */
    public record Remining(int done, int total, boolean running) {}

    /** Clicks by what became of them. */
    public record Clicks(
            long accepted, long repeated, long duplicate, long orphan, long late, long notShown, long machine) {}

    /**
     * Impressions by what became of them.
     *
     * @param clicksPerImpression at rank 1 to 10: what miner.clicks.rate-at-top and rank-decay should predict
     */
    public record Impressions(long counted, long repeated, long late, List<Double> clicksPerImpression) {}

    @GET
    public Progress progress() {
        MiningProgress mining = miner.mining();
        FeedbackCounts counts = miner.counts();
        return new Progress(
                mining.passages(),
                mining.labelledQueries(),
                mining.heldOut(),
                mining.lists(),
                mining.minedBy(),
                mining.index(),
                new Remining(mining.remined(), mining.toRemine(), mining.remined() < mining.toRemine()),
                miner.refused(),
                new Clicks(
                        counts.of(FeedbackCounts.ACCEPTED),
                        counts.of(FeedbackCounts.REPEATED),
                        counts.of(FeedbackCounts.DUPLICATE),
                        counts.of(FeedbackCounts.ORPHAN),
                        counts.of(FeedbackCounts.LATE),
                        counts.of(FeedbackCounts.NOT_SHOWN),
                        counts.of(FeedbackCounts.MACHINE)),
                new Impressions(
                        counts.of(FeedbackCounts.IMPRESSION),
                        counts.of(FeedbackCounts.REPEATED_IMPRESSION),
                        counts.of(FeedbackCounts.LATE_IMPRESSION),
                        counts.clicksPerImpression()),
                miner.isCaughtUp());
    }
}
