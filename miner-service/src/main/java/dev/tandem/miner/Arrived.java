package dev.tandem.miner;

import dev.tandem.events.Topics;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** A record of the queries or the clicks, decoded once: for its time and for what it says. */
final class Arrived {
    private final byte[] bytes;
    private final SpecificRecord event;
    private final String trouble;

    private Arrived(byte[] bytes, SpecificRecord event, String trouble) {
        this.bytes = bytes;
        this.event = event;
        this.trouble = trouble;
    }

    /** Reads whatever comes: what cannot be read is for {@link Intake} to refuse. */
    static Serde<Arrived> serde(Topics topics) {
        return Serdes.serdeFrom((topic, arrived) -> arrived.bytes, (topic, bytes) -> read(topics, topic, bytes));
    }

    private static Arrived read(Topics topics, String topic, byte[] bytes) {
        if (bytes == null) {
            return new Arrived(null, null, "Expected an event, got a tombstone; this topic has nothing to remove");
        }
        try {
            boolean isClick = topic.equals(topics.clicks().name());
            return new Arrived(bytes, (isClick ? topics.clicks() : topics.queries()).read(bytes), null);
        } catch (SerializationException e) {
            return new Arrived(bytes, null, e.getMessage());
        }
    }

    /** The record's value as it came, null for a tombstone. */
    byte[] bytes() {
        return bytes;
    }

    /** A recording or a click; null where it is neither. */
    SpecificRecord event() {
        return event;
    }

    /** Why there is no event; null where there is one. */
    String trouble() {
        return trouble;
    }
}
