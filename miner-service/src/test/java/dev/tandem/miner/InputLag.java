package dev.tandem.miner;

import dev.tandem.events.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** How many records the topology has not committed yet, of those it was sent and of those it sends itself. */
final class InputLag implements AutoCloseable {
    private static final Topics TOPICS = new Topics();
    private static final List<String> INPUT =
            List.of(TOPICS.queries().name(), TOPICS.clicks().name(), Miner.APPLICATION + "-feedback-repartition");

    private final Admin admin;

    InputLag(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** Very many while that is not known: before the first start, or while the broker is away. */
    long left() {
        try {
            return new Lag(admin).ofGroup(Miner.APPLICATION, INPUT);
        } catch (KafkaException e) {
            return Long.MAX_VALUE;
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
