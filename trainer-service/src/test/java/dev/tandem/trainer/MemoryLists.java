package dev.tandem.trainer;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.resume.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.BiConsumer;

/** Lists from memory, all of partition 0. */
final class MemoryLists implements ListSource {
    private final List<CandidateList> lists;
    private final Runnable beforePoll;
    private int next;

    MemoryLists(List<CandidateList> lists) {
        this(lists, () -> {});
    }

    /** Lists with something to do before each poll, as to end the process. */
    MemoryLists(List<CandidateList> lists, Runnable beforePoll) {
        this.lists = List.copyOf(lists);
        this.beforePoll = beforePoll;
    }

    @Override
    public List<Arrival> poll(int most, Duration wait) {
        beforePoll.run();
        List<Arrival> arrivals = new ArrayList<>();
        while (arrivals.size() < most && next < lists.size()) {
            CandidateList list = lists.get(next);
            String key = CandidateList.topicKey(list.key(), list.kind());
            arrivals.add(new Arrival(new Origin(0, next), key, Optional.of(list)));
            next++;
        }
        return arrivals;
    }

    @Override
    public Position position() {
        return new Position(Map.of(0, (long) next), 0);
    }

    @Override
    public void seek(Position position) {
        next = Math.toIntExact(position.offsets().getOrDefault(0, 0L));
    }

    @Override
    public void readAgain(SortedSet<Origin> held, BiConsumer<Origin, CandidateList> reader) {
        held.forEach(origin -> reader.accept(origin, lists.get(Math.toIntExact(origin.offset()))));
    }

    @Override
    public long lag() {
        return (long) lists.size() - next;
    }

    @Override
    public void close() {}
}
