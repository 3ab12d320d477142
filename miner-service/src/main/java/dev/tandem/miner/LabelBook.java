package dev.tandem.miner;

import dev.tandem.events.LabelledQuery;
import dev.tandem.miner.MiningPosition.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The labelled queries of the partitions this instance owns, and which of them are still to be mined: new ones in the
 * order they came, then, after a promotion, all of them again, newest feedback first.
 *
 * <p>Knows no client and no model. Used by one thread.
 */
final class LabelBook {
    /** A labelled query with where it stands. */
    record Entry(LabelledQuery labelled, int partition, long offset) {
        Mark mark() {
            return Mark.of(labelled.getQueryKey(), labelled.getFreshestFeedbackAt());
        }
    }

    private static final class Partition {
        private final long minedBefore;
        private MiningPosition position;
        private final Deque<Entry> fresh = new ArrayDeque<>();

        Partition(long minedBefore, MiningPosition position) {
            this.minedBefore = minedBefore;
            this.position = position;
        }
    }

    private final Map<Integer, Partition> partitions = new HashMap<>();
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, Set<String>> waitingFor = new HashMap<>();
    private final Deque<Entry> revived = new ArrayDeque<>();
    private final Deque<Entry> remaining = new ArrayDeque<>();
    private int planned;

    /** Takes a partition over; labels below {@code minedBefore} have been mined, as the position says by whom. */
    void assign(int partition, long minedBefore, MiningPosition position) {
        partitions.put(partition, new Partition(minedBefore, position));
    }

    /** Gives a partition up. */
    void revoke(int partition) {
        partitions.remove(partition);
        entries.values().removeIf(entry -> entry.partition() == partition);
        revived.removeIf(entry -> entry.partition() == partition);
        remaining.removeIf(entry -> entry.partition() == partition);
        waitingFor.values().forEach(keys -> keys.retainAll(entries.keySet()));
        waitingFor.values().removeIf(Set::isEmpty);
    }

    /** Writes a labelled query down; returns the one it replaces. */
    Optional<LabelledQuery> put(LabelledQuery labelled, int partition, long offset) {
        Entry entry = new Entry(labelled, partition, offset);
        Entry before = entries.put(labelled.getQueryKey(), entry);
        Partition home = partitions.get(partition);
        if (offset >= home.minedBefore && !labelled.getHeldOut()) {
            home.fresh.add(entry);
        }
        return Optional.ofNullable(before).map(Entry::labelled);
    }

    /** Strikes a query out. */
    void remove(String queryKey) {
        entries.remove(queryKey);
    }

    /** Up to {@code most} labelled queries that were not mined yet. */
    List<Entry> nextFresh(int most) {
        List<Entry> next = new ArrayList<>();
        take(revived, most, next);
        for (Partition partition : partitions.values()) {
            take(partition.fresh, most, next);
        }
        return next;
    }

    /** Up to {@code most} labelled queries to be mined again. */
    List<Entry> nextRemined(int most) {
        List<Entry> next = new ArrayList<>();
        take(remaining, most, next);
        return next;
    }

    private void take(Deque<Entry> from, int most, List<Entry> into) {
        while (into.size() < most && !from.isEmpty()) {
            Entry entry = from.poll();
            Entry newest = entries.get(entry.labelled().getQueryKey());
            if (newest != null
                    && newest.offset() == entry.offset()
                    && !newest.labelled().getHeldOut()) {
                into.add(entry); // else a newer one follows
            }
        }
    }

    /** Plans to mine all labels again whose lists are not by the champion. */
    void planRemining(String champion) {
        for (Partition partition : partitions.values()) {
            if (!partition.position.minedBy().equals(champion) || partition.position.hasWaiting()) {
                partition.position = partition.position.restarted(champion).waiting(false);
            }
        }
        remaining.clear();
        entries.values().stream()
                .filter(entry -> !entry.labelled().getHeldOut())
                .filter(entry -> !isFresh(entry))
                .filter(entry -> entry.mark()
                                .compareTo(partitions
                                        .get(entry.partition())
                                        .position
                                        .remined())
                        > 0)
                .sorted(Comparator.comparing(Entry::mark))
                .forEach(remaining::add);
        planned = remaining.size();
        if (remaining.isEmpty()) {
            finishRemining();
        }
    }

    private boolean isFresh(Entry entry) {
        OptionalLong first = firstUnmined(entry.partition());
        return first.isPresent() && entry.offset() >= first.getAsLong();
    }

    /** Notes that these were mined again. */
    void remined(List<Entry> mined) {
        for (Entry entry : mined) {
            Partition home = partitions.get(entry.partition());
            home.position = home.position.remined(entry.mark());
        }
        if (remaining.isEmpty()) {
            finishRemining();
        }
    }

    private void finishRemining() {
        for (Partition partition : partitions.values()) {
            partition.position = partition.position.remined(Mark.ALL);
        }
    }

    /** Notes that lists of a partition were sent. */
    void sent(int partition, long lists) {
        Partition home = partitions.get(partition);
        home.position = home.position.plus(lists);
    }

    /** Notes that an entry has no positive among the passages yet: it is mined when one of them comes. */
    void await(Entry entry, Collection<String> passageIds) {
        Partition home = partitions.get(entry.partition());
        home.position = home.position.waiting(true);
        for (String passageId : passageIds) {
            waitingFor
                    .computeIfAbsent(passageId, id -> new HashSet<>())
                    .add(entry.labelled().getQueryKey());
        }
    }

    /** A passage has come: what waited for it is due. */
    void arrived(String passageId) {
        for (String queryKey : waitingFor.getOrDefault(passageId, Set.of())) {
            Entry entry = entries.get(queryKey);
            if (entry != null) {
                revived.add(entry);
            }
        }
        waitingFor.remove(passageId);
        if (waitingFor.isEmpty() && revived.isEmpty()) {
            partitions.values().forEach(partition -> partition.position = partition.position.waiting(false));
        }
    }

    /** What to commit for a partition: the first label not mined yet, or nothing where all that were read are mined. */
    OptionalLong firstUnmined(int partition) {
        Entry first = partitions.get(partition).fresh.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.offset());
    }

    MiningPosition position(int partition) {
        return partitions.get(partition).position;
    }

    Set<Integer> partitions() {
        return partitions.keySet();
    }

    boolean hasFresh() {
        return !revived.isEmpty() || partitions.values().stream().anyMatch(partition -> !partition.fresh.isEmpty());
    }

    int remaining() {
        return remaining.size();
    }

    int planned() {
        return planned;
    }

    long training() {
        return entries.values().stream()
                .filter(entry -> !entry.labelled().getHeldOut())
                .count();
    }

    int size() {
        return entries.size();
    }

    long lists() {
        return partitions.values().stream()
                .mapToLong(partition -> partition.position.lists())
                .sum();
    }
}
