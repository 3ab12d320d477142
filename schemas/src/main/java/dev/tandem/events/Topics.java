package dev.tandem.events;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_COMPACT;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_DELETE;
import static org.apache.kafka.common.config.TopicConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * Everything the services say to each other; the only way they talk.
 *
 * <pre>
 * passages ─┐
 * queries  ─┼─► miner ──candidate-lists──► trainer ──checkpoints──► evaluator ──evaluations
 * clicks   ─┘     ▲   └──held-out-queries──────────────────────────────▲ │
 *                 └──────────────────────── promotions ◄───────────────┘─┘
 * </pre>
 *
 * <p>Weights never travel on a topic: an event carries a URI and a SHA-256. Records that cannot be read go to {@link
 * DeadLetters#TOPIC}.
 */
public final class Topics implements AutoCloseable {
    private static final String FOR_EVER = "-1";
    /** A list of 128 passages fits with room to spare. */
    public static final int MAX_EVENT_BYTES = 2 * 1024 * 1024;

    private final EventSettings settings;
    private final Optional<RegisteredSchemas> schemas;
    private final Topic<PassagePublished> passages;
    private final Topic<QueryRecorded> queries;
    private final Topic<ClickRecorded> clicks;
    private final Topic<LabelledQuery> labelledQueries;
    private final Topic<CandidateListMined> candidateLists;
    private final Topic<QueryHeldOut> heldOutQueries;
    private final Topic<CheckpointSaved> checkpoints;
    private final Topic<CheckpointEvaluated> evaluations;
    private final Topic<CheckpointPromoted> promotions;

    /** Events in single-object encoding, and no registry. */
    public Topics() {
        this(EventSettings.DEFAULT);
    }

    /** Asks no registry yet. */
    public Topics(EventSettings settings) {
        this.settings = settings;
        this.schemas = settings.registry().map(registry -> new RegisteredSchemas(registry.registry()));
        passages = topic("passages", PassagePublished.class, 1, compacted());
        queries = topic("queries", QueryRecorded.class, 2, kept(days(30)));
        clicks = topic("clicks", ClickRecorded.class, 2, kept(days(30)));
        labelledQueries = topic("labelled-queries", LabelledQuery.class, 2, compacted());
        candidateLists = topic("candidate-lists", CandidateListMined.class, 2, compactedAndKept(days(90)));
        heldOutQueries = topic("held-out-queries", QueryHeldOut.class, 1, compacted());
        checkpoints = topic("checkpoints", CheckpointSaved.class, 1, kept(days(365)));
        evaluations = topic("evaluations", CheckpointEvaluated.class, 1, kept(days(365)));
        promotions = topic("promotions", CheckpointPromoted.class, 1, kept(FOR_EVER));
    }

    private <V extends SpecificRecord> Topic<V> topic(
            String name, Class<V> event, int partitions, Map<String, String> policy) {
        EventCodec<V> codec = new EventCodec<>(name, event, settings.encoding(), schemas);
        return new Topic<>(name, codec, partitions, policy);
    }

    /** How their events are written, and where the registry is. */
    EventSettings settings() {
        return settings;
    }

    /** Ends all waiting for a registry: a schema that is not known yet is asked for once from now on, others stay known. */
    @Override
    public void close() {
        schemas.ifPresent(RegisteredSchemas::close);
    }

    /** Passages to search, keyed by passage id; a tombstone removes one. */
    public Topic<PassagePublished> passages() {
        return passages;
    }

    /** Queries asked and queries judged, keyed by recording id. */
    public Topic<QueryRecorded> queries() {
        return queries;
    }

    /** Clicks on shown passages, keyed by the recording id of the query; partitioned as {@link #queries}. */
    public Topic<ClickRecorded> clicks() {
        return clicks;
    }

    /** All labels known for a query text, keyed by query key; between the two halves of the miner. */
    public Topic<LabelledQuery> labelledQueries() {
        return labelledQueries;
    }

    /** Lists to train on, keyed by {@link #listKey}. */
    public Topic<CandidateListMined> candidateLists() {
        return candidateLists;
    }

    /** Labelled queries kept for evaluation, keyed by query key. */
    public Topic<QueryHeldOut> heldOutQueries() {
        return heldOutQueries;
    }

    /** Announcements of saved checkpoints, keyed by checkpoint id. */
    public Topic<CheckpointSaved> checkpoints() {
        return checkpoints;
    }

    /** Scores and decisions, keyed by checkpoint id. */
    public Topic<CheckpointEvaluated> evaluations() {
        return evaluations;
    }

    /** The audit log of champions, all under {@link #CHAMPION}. */
    public Topic<CheckpointPromoted> promotions() {
        return promotions;
    }

    /** The constant key of {@link #promotions}. */
    public static final String CHAMPION = "champion";

    /** Key of a candidate list: a query has one list of each kind, and a new one supersedes the old. */
    public static String listKey(String queryKey, ListKind kind) {
        return queryKey + "/" + kind.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Every topic but the dead letters. */
    public List<Topic<?>> all() {
        return List.of(
                passages,
                queries,
                clicks,
                labelledQueries,
                candidateLists,
                heldOutQueries,
                checkpoints,
                evaluations,
                promotions);
    }

    private static Map<String, String> compacted() {
        return Map.of(
                CLEANUP_POLICY_CONFIG,
                CLEANUP_POLICY_COMPACT,
                COMPRESSION_TYPE_CONFIG,
                "zstd",
                MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(MAX_EVENT_BYTES));
    }

    /** The lag keeps a superseded list readable for a trainer that restarts from a checkpoint that has it in replay. */
    private static Map<String, String> compactedAndKept(String retentionMillis) {
        return Map.of(
                CLEANUP_POLICY_CONFIG,
                CLEANUP_POLICY_COMPACT + "," + CLEANUP_POLICY_DELETE,
                RETENTION_MS_CONFIG,
                retentionMillis,
                MIN_COMPACTION_LAG_MS_CONFIG,
                days(1),
                COMPRESSION_TYPE_CONFIG,
                "zstd",
                MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(MAX_EVENT_BYTES));
    }

    private static Map<String, String> kept(String retentionMillis) {
        return Map.of(
                CLEANUP_POLICY_CONFIG,
                CLEANUP_POLICY_DELETE,
                RETENTION_MS_CONFIG,
                retentionMillis,
                COMPRESSION_TYPE_CONFIG,
                "zstd",
                MAX_MESSAGE_BYTES_CONFIG,
                String.valueOf(MAX_EVENT_BYTES));
    }

    private static String days(int days) {
        return String.valueOf(Duration.ofDays(days).toMillis());
    }
}
