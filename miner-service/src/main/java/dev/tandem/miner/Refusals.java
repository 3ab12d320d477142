package dev.tandem.miner;

import dev.tandem.events.DeadLetters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records the mining loop refused: counted, and kept until the next transaction takes them to the dead letters. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    private final Map<String, Long> counts = new HashMap<>();
    private final List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();

    /**
     * Refuses a record.
     *
     * @param isNew false where a former run has written the dead letter already and the record is only read again
     */
    void add(ConsumerRecord<byte[], byte[]> record, String reason, boolean isNew) {
        counts.merge(record.topic(), 1L, Long::sum);
        if (isNew) {
            LOG.warn(
                    "Record refused, see dead-letters. topic={} partition={} offset={} reason={}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    reason);
            letters.add(DeadLetters.of(record, "miner", reason));
        }
    }

    boolean hasLetters() {
        return !letters.isEmpty();
    }

    /** The letters not written yet; they are the caller's now. */
    List<ProducerRecord<byte[], byte[]>> takeLetters() {
        List<ProducerRecord<byte[], byte[]>> taken = List.copyOf(letters);
        letters.clear();
        return taken;
    }

    Map<String, Long> counts() {
        return Map.copyOf(counts);
    }
}
