package dev.tandem.trainer.batch;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.trainer.recipe.Replay;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The lists a trainer can learn from now: fresh ones first, mixed with a replay of used ones.
 *
 * <p>Training on new data only is known to forget; training on old data only never learns what is new. So a step takes the
 * recipe's share of replayed lists and fresh ones for the rest. Replayed are those used least, in a random order: drawn with
 * replacement, a third of them would still be unused when as many uses were made as there are lists. While most of the pool is still fresh, as after a start,
 * replay takes no more than its share of the pool: else the few lists used first would be used again and again. A list that
 * a newer one of the same query and kind supersedes leaves the pool. One that was only mined again takes its place with its
 * uses, and is not fresh: else, after each promotion, the queries that are mined again first would be learned from more than all others.
 * Choices follow from the content and the seed alone, whatever the order of arrival.
 */
public final class ListPool {
    private final Replay replay;
    private final TreeMap<Origin, Held> held = new TreeMap<>();
    private final Map<String, Held> byKey = new HashMap<>();

    private static final class Held {
        private final Origin origin;
        private final CandidateList list;
        private boolean fresh;
        private int uses;

        private Held(Origin origin, CandidateList list, boolean fresh, int uses) {
            this.origin = origin;
            this.list = list;
            this.fresh = fresh;
            this.uses = uses;
        }

        private void use() {
            fresh = false;
            uses++;
        }

        private boolean does(boolean unlabelled) {
            return unlabelled || list.kind() != CandidateList.Kind.UNLABELLED;
        }
    }

    public ListPool(Replay replay) {
        this.replay = Objects.requireNonNull(replay, "replay is null");
    }

    /**
     * Takes in a list that has just been read; it supersedes an older one of the same query and kind. It is fresh unless it
     * tells no newer feedback than that one and that one was used.
     */
    public void add(Origin origin, CandidateList list) {
        Held older = byKey.get(CandidateList.topicKey(list.key(), list.kind()));
        boolean known =
                older != null && !older.fresh && !list.freshestFeedbackAt().isAfter(older.list.freshestFeedbackAt());
        put(new Held(origin, list, !known, known ? older.uses : 0));
    }

    /** Takes in a list again that a checkpoint says was in the pool, with its uses as {@link #state} gave them. */
    public void restore(Origin origin, CandidateList list, int uses) {
        put(new Held(origin, list, uses == PoolState.FRESH, Math.max(0, uses)));
    }

    private void put(Held newer) {
        Held older = byKey.put(CandidateList.topicKey(newer.list.key(), newer.list.kind()), newer);
        if (older != null) {
            held.remove(older.origin);
        }
        held.put(newer.origin, newer);
    }

    /** Removes the list of a key as it stands on the topic, {@code <query key>/<kind in lower case>}. */
    public void remove(String key) {
        Held removed = byKey.remove(key);
        if (removed != null) {
            held.remove(removed.origin);
        }
    }

    /**
     * How many lists there is room for: those missing from the recipe's maximum, and those that may go because they were used,
     * or will not do.
     *
     * @param unlabelled whether lists without a positive will do
     */
    public int room(boolean unlabelled) {
        long awaited = held.values().stream()
                .filter(list -> list.fresh && list.does(unlabelled))
                .count();
        return (int) Math.max(0, replay.poolLists() - awaited);
    }

    /**
     * Drops lists until no more than the recipe's maximum are left: those that will not do first, then the most used, then the
     * oldest.
     *
     * @param unlabelled whether lists without a positive will do
     */
    public void trim(boolean unlabelled) {
        int excess = held.size() - replay.poolLists();
        if (excess > 0) {
            held.values().stream()
                    .sorted(Comparator.comparing((Held list) -> list.does(unlabelled))
                            .thenComparing(list -> list.fresh)
                            .thenComparing(list -> -list.uses)
                            .thenComparing(list -> list.origin))
                    .limit(excess)
                    .toList()
                    .forEach(list -> remove(CandidateList.topicKey(list.list.key(), list.list.kind())));
        }
    }

    /** Begins to count uses anew: another champion was promoted, or another stage begins. */
    public void forgetUses() {
        held.values().forEach(list -> list.uses = 0);
    }

    /**
     * Chooses the lists of one step, each of another query, and counts their use.
     *
     * @param wanted lists the step takes
     * @param unlabelled whether lists without a positive will do
     * @param limited whether the recipe's limit of uses per champion holds
     * @return the lists, fewer than wanted where no more may be used, none while the pool holds less than the recipe's
     *     minimum
     */
    public List<CandidateList> draw(int wanted, boolean unlabelled, boolean limited, SplittableRandom random) {
        if (held.size() < replay.minimumLists()) {
            return List.of();
        }
        List<Held> fresh = new ArrayList<>();
        List<Held> used = new ArrayList<>();
        for (Held list : held.values()) {
            if (list.does(unlabelled)) {
                if (list.fresh) {
                    fresh.add(list);
                } else if (!limited || list.uses < replay.usesPerChampion()) {
                    used.add(list);
                }
            }
        }
        List<Held> chosen = choose(wanted, shuffled(fresh, random), leastUsed(shuffled(used, random)));
        chosen.forEach(Held::use);
        return chosen.stream().map(list -> list.list).toList();
    }

    private List<Held> choose(int wanted, List<Held> fresh, List<Held> used) {
        double shareOfPool = (double) used.size() / Math.max(1, used.size() + fresh.size());
        int replayed = (int) (wanted * Math.min(replay.replayShare(), shareOfPool));
        List<Held> chosen = new ArrayList<>();
        Set<QueryKey> queries = new HashSet<>();
        take(wanted - replayed, fresh, chosen, queries);
        take(wanted, used, chosen, queries);
        take(wanted, fresh, chosen, queries);
        return chosen;
    }

    private static void take(int upTo, List<Held> from, List<Held> chosen, Set<QueryKey> queries) {
        for (Held list : from) {
            if (chosen.size() >= upTo) {
                return;
            }
            if (queries.add(list.list.key())) {
                chosen.add(list);
            }
        }
    }

    private static List<Held> leastUsed(List<Held> lists) {
        lists.sort(Comparator.comparingInt(list -> list.uses));
        return lists;
    }

    private static List<Held> shuffled(List<Held> lists, SplittableRandom random) {
        for (int i = lists.size() - 1; i > 0; i--) {
            java.util.Collections.swap(lists, i, random.nextInt(i + 1));
        }
        return lists;
    }

    /** All lists, in the order in which they stand. */
    public List<CandidateList> lists() {
        return held.values().stream().map(list -> list.list).toList();
    }

    /** Ids of the passages that some list of the pool gives as a positive of a query. */
    public Set<String> positives(QueryKey query) {
        Set<String> positives = new HashSet<>();
        Stream.of(CandidateList.Kind.UNDENOISED, CandidateList.Kind.DENOISED)
                .map(kind -> byKey.get(CandidateList.topicKey(query, kind)))
                .filter(Objects::nonNull)
                .forEach(list ->
                        positives.add(list.list.candidates().get(0).passage().id()));
        return positives;
    }

    public int size() {
        return held.size();
    }

    /** Number of lists not used yet. */
    public long fresh() {
        return held.values().stream().filter(list -> list.fresh).count();
    }

    /** Mean number of uses of a list since uses were counted anew; 0 where nothing is held. */
    public double meanUses() {
        return held.values().stream().mapToInt(list -> list.uses).average().orElse(0);
    }

    /** What is held, for a checkpoint. */
    public PoolState state() {
        Map<Integer, List<Held>> byPartition = new TreeMap<>();
        held.values()
                .forEach(list -> byPartition
                        .computeIfAbsent(list.origin.partition(), partition -> new ArrayList<>())
                        .add(list));
        return new PoolState(byPartition.entrySet().stream()
                .map(entry -> new PoolState.Partition(
                        entry.getKey(),
                        entry.getValue().stream()
                                .map(list -> list.origin.offset())
                                .toList(),
                        entry.getValue().stream()
                                .map(list -> list.fresh ? PoolState.FRESH : list.uses)
                                .toList()))
                .toList());
    }
}
