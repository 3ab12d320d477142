package dev.tandem.miner;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.TopicAdmin;
import dev.tandem.events.Topics;
import dev.tandem.miner.mining.CandidateListMiner;
import dev.tandem.miner.serving.CheckpointRetriever;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.IndexSettings;
import dev.tandem.miner.serving.PromotedRetriever;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both halves of the miner, from the first answer of the broker to the end. */
final class Miner implements AutoCloseable {
    static final String APPLICATION = "miner";
    private static final Logger LOG = LoggerFactory.getLogger(Miner.class);
    /** Two that take the same place from each other do not do it all the time. */
    private static final Duration BEFORE_JOINING_AGAIN = Duration.ofSeconds(2);

    private final Topics topics;
    private final FeedbackCounts counts = new FeedbackCounts();
    private final MinerConfig config;
    private final KafkaSettings kafka;
    private final MinerTopology topology;
    private final Mining mining;
    private final Thread starter = new Thread(this::startWhenTheBrokerAnswers, "miner-start");
    private volatile Connection connection;
    private volatile boolean isClosing;
    private volatile boolean isJoining;

    /** What needs a broker whose name can be resolved; none before it has answered once. */
    private record Connection(KafkaStreams streams, Admin admin, Lag lag) {
        void close() {
            streams.close(Duration.ofSeconds(20));
            admin.close(Duration.ofSeconds(5));
        }
    }

    Miner(MinerConfig config, CheckpointStore store, KafkaSettings kafka) {
        this.config = config;
        this.kafka = kafka;
        this.topics = new Topics(kafka.events());
        MinerConfig.Clicks clicks = config.clicks();
        topology = new MinerTopology(topics, new JoinWindow(clicks.window(), clicks.grace()), config.asRules(), counts);
        IndexSettings indexing = config.asIndexing();
        CheckpointRetriever.discardLeftovers(indexing);
        Compute compute = Compute.of(config.device(), config.precision());
        Corpus corpus = new Corpus();
        mining = new Mining(new MiningParts(
                topics,
                new MinerClients(kafka, config.instance()),
                corpus,
                new PromotedRetriever(
                        corpus,
                        (promotion, passages) ->
                                CheckpointRetriever.open(store, promotion, passages, compute, indexing),
                        Clock.systemUTC()),
                new CandidateListMiner(config.asMining()),
                config.remineShare(),
                Clock.systemUTC()));
    }

    /** Starts both halves as soon as the broker answers; returns at once. */
    void start() {
        starter.start();
    }

    /** Whether nothing has ended that should run. */
    boolean isAlive() {
        return starter.isAlive()
                || isJoining
                || (mining.isAlive() && streamsAre(state -> state != KafkaStreams.State.ERROR));
    }

    /** Whether feedback is being taken. */
    boolean isReady() {
        return mining.isAlive() && streamsAre(state -> state == KafkaStreams.State.RUNNING);
    }

    private boolean streamsAre(Predicate<KafkaStreams.State> wanted) {
        Connection current = connection;
        return current != null && wanted.test(current.streams().state());
    }

    /** The topics, with the schemas of a registry if there is one. */
    Topics topics() {
        return topics;
    }

    FeedbackCounts counts() {
        return counts;
    }

    MiningProgress mining() {
        return mining.progress();
    }

    /** Refused records by topic. */
    Map<String, Long> refused() {
        Map<String, Long> refused = new TreeMap<>(mining.progress().refused());
        for (String topic : List.of(topics.queries().name(), topics.clicks().name())) {
            refused.put(topic, counts.of(FeedbackCounts.refused(topic)));
        }
        return refused;
    }

    /** Whether all feedback sent so far has become lists, or was refused. Asks the broker. */
    boolean isCaughtUp() {
        try {
            List<String> feedback =
                    List.of(topics.queries().name(), topics.clicks().name(), APPLICATION + "-feedback-repartition");
            return isReady()
                    && connection.lag().ofGroup(APPLICATION, feedback) == 0
                    && connection.lag().ofPositions(mining.progress().readUpTo()) == 0
                    && mining.progress().caughtUp();
        } catch (KafkaException e) {
            LOG.debug("The lag is not known", e);
            return false;
        }
    }

    private void startWhenTheBrokerAnswers() {
        try {
            TopicAdmin.awaitTopics(kafka, topics, () -> false); // closing interrupts
            connection = connect();
            connection.streams().start();
            mining.start();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Connection connect() {
        Admin admin = Admin.create(kafka.with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                3_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                5_000)));
        KafkaStreams streams = new KafkaStreams(topology.build(), properties(config, kafka));
        streams.setUncaughtExceptionHandler(failure -> {
            if (isClosing) { // it was woken from its waiting for a registry
                LOG.debug("A stream thread ends", failure);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
            if (lostItsPlace(failure)) {
                new Thread(this::joinAgain, "miner-join-again").start();
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            }
            LOG.error("A stream thread failed and is replaced: {}", failure.getMessage(), failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        return new Connection(streams, admin, new Lag(admin));
    }

    private static boolean lostItsPlace(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(FencedInstanceIdException.class::isInstance);
    }

    /**
     * Takes its place in the group again under its own name. A thread put in place of the failed one would have another name, and the
     * group would wait for the failed one for minutes before it gave its partitions away.
     */
    private void joinAgain() {
        isJoining = true;
        LOG.warn(
                "Its place among the miners was taken, by a broker that was killed or by another process: joining again. "
                        + "If this goes on, give each miner a miner.instance of its own instance={}",
                config.instance());
        connection.close();
        try {
            Thread.sleep(BEFORE_JOINING_AGAIN.toMillis());
            synchronized (this) {
                if (!isClosing) {
                    connection = connect();
                    connection.streams().start();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            isJoining = false;
        }
    }

    /** How the topology runs. */
    static Properties properties(MinerConfig config, KafkaSettings kafka) {
        Properties properties = new Properties();
        properties.putAll(kafka.with(Map.of()));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(
                StreamsConfig.STATE_DIR_CONFIG,
                config.stateDir().toAbsolutePath().toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.class);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                APPLICATION + "-" + config.instance());
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                2 * Topics.MAX_EVENT_BYTES);
        properties.put(
                StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 3 * Topics.MAX_EVENT_BYTES);
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), 3 * Topics.MAX_EVENT_BYTES);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
        return properties;
    }

    @Override
    public void close() {
        isClosing = true;
        topics.close();
        starter.interrupt();
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        mining.close();
        synchronized (this) {
            if (connection != null) {
                connection.close();
            }
        }
    }
}
