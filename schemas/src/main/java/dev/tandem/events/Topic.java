package dev.tandem.events;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/**
 * One topic: its name, what it carries, and how the broker keeps it.
 *
 * <p>A consumer loop reads bytes and calls {@link #read}, so that a record it cannot read goes to the dead letters
 * instead of stopping the loop; a topology uses {@link #consumed} and {@link #produced}.
 *
 * @param <V> the event
 */
public final class Topic<V extends SpecificRecord> {
    private final String name;
    private final EventCodec<V> codec;
    private final int partitions;
    private final Map<String, String> policy;

    Topic(String name, EventCodec<V> codec, int partitions, Map<String, String> policy) {
        this.name = requireNonNull(name, "name is null");
        this.codec = requireNonNull(codec, "codec is null");
        this.partitions = partitions;
        this.policy = Map.copyOf(policy);
    }

    public String name() {
        return name;
    }

    /** Serde of the events; a tombstone stays null. */
    public Serde<V> serde() {
        return codec.serde();
    }

    /** How a topology reads this topic. */
    public Consumed<String, V> consumed() {
        return Consumed.with(Serdes.String(), serde());
    }

    /** How a topology writes this topic. */
    public Produced<String, V> produced() {
        return Produced.with(Serdes.String(), serde());
    }

    /**
     * Reads one event, in whichever encoding it came. One that names a schema by an id that is not known yet waits for the
     * registry's answer, however long that takes.
     *
     * @throws SerializationException if the bytes are not such an event, or null, as a tombstone's are; the message says what
     *     was expected and what came
     * @throws org.apache.kafka.common.errors.WakeupException if {@link Topics#close} ends the waiting
     */
    public V read(byte[] bytes) {
        if (bytes == null) {
            throw new SerializationException("Expected an event of topic %s, got a tombstone".formatted(name));
        }
        return codec.read(bytes);
    }

    /** The event in bytes, as it stands on the topic. */
    public byte[] write(V event) {
        return codec.write(event);
    }

    /** A record for a producer of strings and bytes. */
    public ProducerRecord<String, byte[]> record(String key, V event) {
        return new ProducerRecord<>(name, key, codec.write(event));
    }

    /** A record that removes the key. */
    public ProducerRecord<String, byte[]> tombstone(String key) {
        return new ProducerRecord<>(name, key, null);
    }

    /** As the admin step creates it. */
    NewTopic asNewTopic() {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(policy);
    }

    /** The encoding that names schemas by their id, if there is a registry. */
    Optional<RegistryCodec<V>> registered() {
        return codec.registered();
    }

    Map<String, String> policy() {
        return policy;
    }

    @Override
    public String toString() {
        return name;
    }
}
