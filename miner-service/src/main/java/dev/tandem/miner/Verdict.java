package dev.tandem.miner;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.QueryRecorded;
import dev.tandem.miner.state.QueryFeedback;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What became of a record: it goes on as an event or as feedback, or it goes to the dead letters. */
sealed interface Verdict {
    /** A recording that can be read and keeps the rules. */
    record Recorded(QueryRecorded query) implements Verdict {}

    /** A click that can be read and keeps the rules, with the record it came in. */
    record Clicked(ClickRecorded click, ConsumerRecord<byte[], byte[]> origin) implements Verdict {}

    /** What it says about a query text. */
    record Learned(QueryFeedback feedback) implements Verdict {}

    /** It was refused; the letter says why. */
    record Refused(ProducerRecord<byte[], byte[]> letter) implements Verdict {}
}
