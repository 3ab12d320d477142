package dev.tandem.trainer;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.resume.Position;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.BiConsumer;

/** Where candidate lists come from: a topic, files, or memory. Used by one thread, unless it says otherwise. */
public interface ListSource extends AutoCloseable {
    /**
     * One list that has come, or the end of one.
     *
     * @param key {@code <query key>/<kind in lower case>}
     * @param list empty where the key was removed
     */
    record Arrival(Origin origin, String key, Optional<CandidateList> list) {}

    /**
     * The next lists, in an order that does not depend on timing as long as there are enough of them.
     *
     * @param most how many at most
     * @param wait how long to wait for the first
     */
    List<Arrival> poll(int most, Duration wait);

    /** How far has been read. */
    Position position();

    /** Goes on reading from a position. */
    void seek(Position position);

    /**
     * Reads lists again that a checkpoint says were held, or refused; what has been removed since, or is refused again, is left
     * out. Before the next poll a position has to be sought.
     */
    void readAgain(SortedSet<Origin> held, BiConsumer<Origin, CandidateList> reader);

    /** Whether no list will come any more; a topic has no end. */
    default boolean isAtEnd() {
        return false;
    }

    /** Lists known to be waiting, about. */
    long lag();

    /** Whether lists have been there for minutes and do not come; from any thread. */
    default boolean isStalled() {
        return false;
    }

    @Override
    void close();
}
