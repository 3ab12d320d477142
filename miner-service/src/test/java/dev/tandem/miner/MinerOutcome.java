package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.CandidateListMined;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.QueryHeldOut;
import dev.tandem.events.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a miner has made of its events; each a map from what it is of to what it is, so that two of them can be compared.
 *
 * <p>Left out is which recording and which time were the newest when the labels of a text last changed, and whether a text without a
 * label had one for a while: feedback of one text comes from several partitions, and their order is nobody's, with or without a crash.
 *
 * @param labels last labels of each query text that has any, trained on or held out
 * @param heldOut last of each query kept for evaluation
 * @param lists last candidate list of each query and kind
 * @param refused records in the dead letters by where they came from, with the reason
 * @param counts of {@link FeedbackCounts}
 * @param twice what was written twice: a dead letter of the same record, or the same labels of a query one after the other
 */
record MinerOutcome(
        Map<String, Object> labels,
        Map<String, Object> heldOut,
        Map<String, Object> lists,
        Map<String, Object> refused,
        Map<String, Object> counts,
        List<String> twice) {
    /** Reads it off the topics of a broker. */
    static MinerOutcome read(String bootstrapServers, Map<String, Long> counts) {
        Topics topics = new Topics();
        List<String> twice = new ArrayList<>();
        Map<String, LabelledQuery> labels = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                CommittedRecords.of(bootstrapServers, topics.labelledQueries().name())) {
            LabelledQuery labelled = topics.labelledQueries().read(record.value());
            if (labelled.equals(labels.put(key(record), labelled))) {
                twice.add("labels of " + key(record));
            }
        }
        Map<String, Object> heldOut = new TreeMap<>();
        CommittedRecords.of(bootstrapServers, topics.heldOutQueries().name())
                .forEach(record -> put(
                        heldOut,
                        record,
                        bytes -> timeless(topics.heldOutQueries().read(bytes))));
        Map<String, Object> lists = new TreeMap<>();
        CommittedRecords.of(bootstrapServers, topics.candidateLists().name())
                .forEach(record -> put(
                        lists, record, bytes -> timeless(topics.candidateLists().read(bytes))));
        labels.values().removeIf(labelled -> labelled.getLabels().isEmpty());
        labels.replaceAll((key, labelled) -> timeless(labelled));
        return new MinerOutcome(
                new TreeMap<>(labels), heldOut, lists, refused(bootstrapServers, twice), new TreeMap<>(counts), twice);
    }

    /** How another one differs, in words; empty where it does not. */
    List<String> differences(MinerOutcome other) {
        List<String> differences = new ArrayList<>();
        compare("labels", labels, other.labels, differences);
        compare("held-out query", heldOut, other.heldOut, differences);
        compare("list", lists, other.lists, differences);
        compare("dead letter", refused, other.refused, differences);
        compare("count", counts, other.counts, differences);
        twice.forEach(what -> differences.add("twice in the one: " + what));
        other.twice.forEach(what -> differences.add("twice in the other: " + what));
        return differences;
    }

    private static void compare(
            String what, Map<String, Object> one, Map<String, Object> other, List<String> differences) {
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        for (String key : keys) {
            if (!Objects.equals(one.get(key), other.get(key))) {
                differences.add("%s %s: %s against %s".formatted(what, key, one.get(key), other.get(key)));
            }
        }
    }

    private static Map<String, Object> refused(String bootstrapServers, List<String> twice) {
        Map<String, Object> refused = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> letter : CommittedRecords.of(bootstrapServers, DeadLetters.TOPIC)) {
            String from = "%s %s %s"
                    .formatted(
                            DeadLetters.header(letter.headers(), DeadLetters.FROM_TOPIC),
                            DeadLetters.header(letter.headers(), DeadLetters.FROM_PARTITION),
                            DeadLetters.header(letter.headers(), DeadLetters.FROM_OFFSET));
            if (refused.put(from, DeadLetters.header(letter.headers(), DeadLetters.REASON)) != null) {
                twice.add("dead letter of " + from);
            }
        }
        return refused;
    }

    private interface Reading {
        Object of(byte[] bytes);
    }

    /** A tombstone takes back what was there, and is nothing by itself. */
    private static void put(Map<String, Object> into, ConsumerRecord<byte[], byte[]> record, Reading reading) {
        if (record.value() == null) {
            into.remove(key(record));
        } else {
            into.put(key(record), reading.of(record.value()));
        }
    }

    private static LabelledQuery timeless(LabelledQuery labelled) {
        return LabelledQuery.newBuilder(labelled)
                .setQueryId("")
                .setFreshestFeedbackAt(Instant.EPOCH)
                .build();
    }

    private static QueryHeldOut timeless(QueryHeldOut heldOut) {
        return QueryHeldOut.newBuilder(heldOut)
                .setQueryId("")
                .setFreshestFeedbackAt(Instant.EPOCH)
                .build();
    }

    private static CandidateListMined timeless(CandidateListMined list) {
        return CandidateListMined.newBuilder(list)
                .setQueryId("")
                .setFreshestFeedbackAt(Instant.EPOCH)
                .setMinedAt(Instant.EPOCH)
                .build();
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8);
    }
}
