package dev.tandem.trainer.recipe;

/**
 * How lists that were used are mixed with fresh ones.
 *
 * @param replayShare share of a step's lists that are replayed, 0 to 1, as long as there are fresh ones for the rest; never
 *     above the share of replayable lists in the pool; default 0.5 (Tandem)
 * @param usesPerChampion how often the joint stage uses a list until another champion is promoted, 1 and more; default 3
 *     (RocketQAv2: at most 3 epochs). The warm-ups are bounded by their steps instead
 * @param poolLists most lists held in memory, 1 and more; the most used go first, and nothing is read while all are
 *     unused; default 100000 (Tandem)
 * @param intakeLists lists read before each step at most, 1 and more; default 256 (Tandem)
 * @param minimumLists lists the pool must hold before it is learned from, 1 and more; default 1 (Tandem)
 */
public record Replay(double replayShare, int usesPerChampion, int poolLists, int intakeLists, int minimumLists) {
    public Replay {
        Check.between("replay.replay-share", replayShare, 0, 1);
        Check.atLeast("replay.uses-per-champion", usesPerChampion, 1);
        Check.atLeast("replay.pool-lists", poolLists, 1);
        Check.atLeast("replay.intake-lists", intakeLists, 1);
        Check.atLeast("replay.minimum-lists", minimumLists, 1);
    }
}
