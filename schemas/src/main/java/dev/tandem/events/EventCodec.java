package dev.tandem.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Turns one type of event into bytes and back: written in one encoding, read in each. The first byte tells them apart: C3 of
 * Avro's single-object encoding, with every past writer schema known, or 00 of a schema registry.
 */
final class EventCodec<T extends SpecificRecord> {
    private final Class<T> type;
    private final SingleObjectCodec<T> singleObject;
    private final Optional<RegistryCodec<T>> registered;
    private final EventEncoding writing;

    /**
     * @param writing the encoding of what is written
     * @param schemas of a registry, without which its events cannot be read
     */
    EventCodec(String topic, Class<T> type, EventEncoding writing, Optional<RegisteredSchemas> schemas) {
        this.type = type;
        this.writing = writing;
        SpecificData data = SpecificData.getForClass(type);
        Schema current = data.getSchema(type);
        List<Schema> released = released(type.getSimpleName());
        singleObject = new SingleObjectCodec<>(type, released);
        registered = schemas.map(known -> new RegistryCodec<>(topic, data, current, released, known));
    }

    /** The encoding that names schemas by their id, if there is a registry. */
    Optional<RegistryCodec<T>> registered() {
        return registered;
    }

    /** Every released schema of an event, oldest first, from {@code schemas/history}. */
    static List<Schema> released(String event) {
        List<Schema> schemas = new ArrayList<>();
        for (int version = 1; ; version++) {
            try (InputStream in =
                    EventCodec.class.getResourceAsStream("history/%s/v%d.avsc".formatted(event, version))) {
                if (in == null) {
                    return schemas;
                }
                schemas.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "Cannot read released schema v%d of %s from the jar".formatted(version, event), e);
            }
        }
    }

    byte[] write(T event) {
        try {
            if (writing == EventEncoding.REGISTRY) {
                return registered.orElseThrow().write(event);
            }
            return singleObject.write(event);
        } catch (IOException | AvroRuntimeException e) {
            throw new SerializationException("Cannot write %s: %s".formatted(type.getSimpleName(), e.getMessage()), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Reads one event.
     *
     * @throws SerializationException if the bytes are not this event in one of the encodings; the message says what came
     */
    T read(byte[] bytes) {
        try {
            return bytes.length > 0 && bytes[0] == RegistryCodec.MARKER
                    ? registered.orElseThrow(this::withoutRegistry).read(bytes)
                    : singleObject.read(bytes);
        } catch (KafkaException e) { // has its words already, or ends the waiting for a registry
            throw e;
        } catch (MissingSchemaException e) {
            throw new SerializationException(
                    "Expected %s, got an event of an unknown schema (%s). Update the schemas jar of this service."
                            .formatted(type.getSimpleName(), e.getMessage()),
                    e);
        } catch (BadHeaderException e) {
            throw new SerializationException(
                    ("Expected %s in Avro single-object encoding (bytes C3 01, schema fingerprint, body), got %d bytes"
                                    + " that do not begin so. See schemas/README.md for what a producer writes.")
                            .formatted(type.getSimpleName(), bytes.length),
                    e);
        } catch (IOException | RuntimeException e) { // Avro throws many unchecked types on a damaged body
            throw new SerializationException(
                    "Expected %s, got %d bytes whose body is damaged: %s"
                            .formatted(type.getSimpleName(), bytes.length, e),
                    e);
        }
    }

    private SerializationException withoutRegistry() {
        return new SerializationException(
                "Expected %s in Avro single-object encoding, got an event that names its schema by its id in a registry. Set events.registry.url; see schemas/README.md."
                        .formatted(type.getSimpleName()));
    }

    Serde<T> serde() {
        return Serdes.serdeFrom(
                (topic, event) -> event == null ? null : write(event),
                (topic, bytes) -> bytes == null ? null : read(bytes));
    }
}
