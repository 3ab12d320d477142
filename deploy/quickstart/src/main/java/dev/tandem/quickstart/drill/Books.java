package dev.tandem.quickstart.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** All that was committed to the topics, as somebody saw it who only reads. */
final class Books {
    private final Topics topics = new Topics();
    private final Map<Place, String> keys = new HashMap<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final Map<String, byte[]> newest = new HashMap<>();
    private final List<MinedList> lists = new ArrayList<>();
    private final Map<String, LabelledQuery> labels = new HashMap<>();
    private final Set<String> heldOut = new TreeSet<>();
    private final Set<Place> impressions = new HashSet<>();
    private final Set<String> shown = new HashSet<>();
    private final Map<Place, String> clicks = new HashMap<>();
    private final CheckpointBook checkpoints = new CheckpointBook();
    private final Map<Letter, Integer> letters = new HashMap<>();
    private Instant newestFeedbackInList = Instant.EPOCH;

    /**
     * A record of the candidate lists.
     *
     * @param freshestFeedbackAt null for a tombstone
     */
    record MinedList(Place place, String key, String minedBy, Instant freshestFeedbackAt) {
        boolean isTombstone() {
            return freshestFeedbackAt == null;
        }
    }

    /** A dead letter. */
    record Letter(String service, Place about) {}

    synchronized void learn(ConsumerRecord<byte[], byte[]> record) {
        keys.put(Place.of(record), Place.key(record));
        counts.merge(record.topic(), 1L, Long::sum);
        try {
            read(record);
            if (record.value() != null) {
                newest.put(record.topic(), record.value());
            }
        } catch (SerializationException e) {
            return; // poison: it counts as a record and says nothing
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        String topic = record.topic();
        byte[] value = record.value();
        if (topic.equals(DeadLetters.TOPIC)) {
            letters.merge(letter(record), 1, Integer::sum);
        } else if (topic.equals(topics.candidateLists().name())) {
            list(record);
        } else if (value == null) {
            return;
        } else if (topic.equals(topics.queries().name())) {
            recorded(Place.of(record), topics.queries().read(value));
        } else if (topic.equals(topics.clicks().name())) {
            clicks.put(Place.of(record), topics.clicks().read(value).getQueryId());
        } else if (topic.equals(topics.labelledQueries().name())) {
            labels.put(Place.key(record), topics.labelledQueries().read(value));
        } else if (topic.equals(topics.heldOutQueries().name())) {
            heldOut.add(topics.heldOutQueries().read(value).getQueryKey());
        } else {
            checkpoints.learn(topic, value);
        }
    }

    private void list(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            lists.add(new MinedList(Place.of(record), Place.key(record), "", null));
            return;
        }
        CandidateListMined mined = topics.candidateLists().read(record.value());
        lists.add(
                new MinedList(Place.of(record), Place.key(record), mined.getMinedBy(), mined.getFreshestFeedbackAt()));
        Instant feedback = mined.getFreshestFeedbackAt();
        boolean isAhead = feedback.isAfter(mined.getMinedAt()); // by a sender whose clock is
        newestFeedbackInList = later(newestFeedbackInList, isAhead ? mined.getMinedAt() : feedback);
    }

    private void recorded(Place place, QueryRecorded query) {
        if (!query.getShown().isEmpty()) {
            impressions.add(place);
            shown.add(query.getId());
        }
    }

    private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
        String service =
                new String(record.headers().lastHeader(DeadLetters.REFUSED_BY).value(), UTF_8);
        return new Letter(
                service,
                new Place(
                        DeadLetters.header(record.headers(), DeadLetters.FROM_TOPIC),
                        Integer.parseInt(DeadLetters.header(record.headers(), DeadLetters.FROM_PARTITION)),
                        Long.parseLong(DeadLetters.header(record.headers(), DeadLetters.FROM_OFFSET))));
    }

    static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether a query recorded, a checkpoint saved and a decision taken since then have all gone their way. */
    synchronized boolean hasTurnedSince(Instant moment) {
        return newestFeedbackInList.isAfter(moment) && checkpoints.hasTurnedSince(moment);
    }

    synchronized long count(String topic) {
        return counts.getOrDefault(topic, 0L);
    }

    /** Bytes of the newest readable record of a topic; empty if there is none. */
    synchronized byte[] newest(String topic) {
        return newest.getOrDefault(topic, new byte[0]);
    }

    synchronized Map<Place, String> keys() {
        return Map.copyOf(keys);
    }

    synchronized List<MinedList> lists() {
        return List.copyOf(lists);
    }

    synchronized Map<String, LabelledQuery> labels() {
        return Map.copyOf(labels);
    }

    synchronized Set<String> heldOut() {
        return Set.copyOf(heldOut);
    }

    synchronized Set<Place> impressions() {
        return Set.copyOf(impressions);
    }

    /** Recording ids of the impressions. */
    synchronized Set<String> shown() {
        return Set.copyOf(shown);
    }

    /** Each click's recording id. */
    synchronized Map<Place, String> clicks() {
        return Map.copyOf(clicks);
    }

    /** What became of checkpoints. */
    CheckpointBook checkpoints() {
        return checkpoints;
    }

    synchronized Map<Letter, Integer> letters() {
        return Map.copyOf(letters);
    }
}
