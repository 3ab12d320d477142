package dev.tandem.miner;

import static org.apache.kafka.common.serialization.Serdes.ByteArray;
import static org.apache.kafka.common.serialization.Serdes.Long;
import static org.apache.kafka.common.serialization.Serdes.String;

import dev.tandem.events.DeadLetters;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.Topics;
import dev.tandem.miner.state.Impressions;
import dev.tandem.miner.state.PendingClick;
import dev.tandem.miner.state.QueryFeedback;
import dev.tandem.miner.state.QueryState;
import dev.tandem.miner.state.Viewer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From queries and clicks to the labels of each query text.
 *
 * <pre>
 * queries ─┐                                 ┌─ labelled-queries
 *          ├─ intake ─ click join ─ labelling ┤
 * clicks  ─┘     └─────────┴─ dead-letters    └─ held-out-queries
 * </pre>
 */
final class MinerTopology {
    private final Topics topics;
    private final JoinWindow window;
    private final LabelRules rules;
    private final FeedbackCounts counts;

    MinerTopology(Topics topics, JoinWindow window, LabelRules rules, FeedbackCounts counts) {
        this.topics = topics;
        this.window = window;
        this.rules = rules;
        this.counts = counts;
    }

    Topology build() {
        StreamsBuilder builder = new StreamsBuilder();
        addStores(builder);

        KStream<String, Verdict> verdicts = builder.stream(
                        List.of(topics.queries().name(), topics.clicks().name()), arriving())
                .process(() -> new Intake(counts), Intake.COUNTS)
                .process(
                        () -> new ClickJoin(topics, window, counts),
                        Intake.COUNTS,
                        ClickJoin.IMPRESSIONS,
                        ClickJoin.SEEN_CLICKS,
                        ClickJoin.PENDING_CLICKS);

        verdicts.process(DeadLetterWriting::new).to(DeadLetters.TOPIC, Produced.with(ByteArray(), ByteArray()));

        KStream<String, LabelledQuery> labelled = verdicts.filter((key, verdict) -> verdict instanceof Verdict.Learned)
                .mapValues(verdict -> ((Verdict.Learned) verdict).feedback())
                .repartition(Repartitioned.<String, QueryFeedback>as("feedback")
                        .withKeySerde(String())
                        .withValueSerde(StateSerde.of(QueryFeedback.class)))
                .process(
                        () -> new Labelling(rules, counts),
                        Labelling.LABELS,
                        Labelling.VIEWERS,
                        Labelling.CLICK_COUNTS);

        labelled.to(topics.labelledQueries().name(), topics.labelledQueries().produced());

        labelled.filter((queryKey, query) -> query.getHeldOut())
                .mapValues(QueryLabels::heldOut)
                .to(topics.heldOutQueries().name(), topics.heldOutQueries().produced());

        return builder.build();
    }

    private Consumed<byte[], Arrived> arriving() {
        return Consumed.with(ByteArray(), Arrived.serde(topics)).withTimestampExtractor(new EventTime());
    }

    private void addStores(StreamsBuilder builder) {
        builder.addStateStore(window(ClickJoin.IMPRESSIONS, StateSerde.of(Impressions.class)));
        builder.addStateStore(window(ClickJoin.SEEN_CLICKS, Long()));
        builder.addStateStore(table(ClickJoin.PENDING_CLICKS, StateSerde.of(PendingClick.class)));
        builder.addStateStore(
                table(Labelling.LABELS, StateSerde.of(QueryState.class)).withCachingEnabled());
        builder.addStateStore(table(Labelling.VIEWERS, StateSerde.of(Viewer.class)));
        builder.addStateStore(few(Intake.COUNTS));
        builder.addStateStore(few(Labelling.CLICK_COUNTS));
    }

    /**
     * What is kept for a while. The broker keeps its changelog by the time of writing: by event time it would delete that of old
     * feedback, sent again, under the eyes of the topology.
     */
    private <V> StoreBuilder<?> window(String name, Serde<V> values) {
        Duration retention =
                window.retention().multipliedBy(2); // by the beginnings of periods as long as the retention
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(name, retention, Duration.ofMillis(1), false), String(), values)
                .withLoggingEnabled(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
    }

    private static <V> StoreBuilder<?> table(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), String(), values);
    }

    /** Counters: a handful of keys, written to the changelog once per commit. */
    private static StoreBuilder<?> few(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), String(), Long())
                .withCachingEnabled();
    }
}
