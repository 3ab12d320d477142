package dev.tandem.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Turns one type of event into bytes and back: Avro single-object encoding, every past writer schema known. */
final class EventCodec<T extends SpecificRecord> {
    private final Class<T> type;
    private final BinaryMessageEncoder<T> encoder;
    private final BinaryMessageDecoder<T> decoder;

    EventCodec(Class<T> type) {
        this.type = type;
        SpecificData data = SpecificData.getForClass(type);
        Schema current = data.getSchema(type);
        encoder = new BinaryMessageEncoder<>(data, current);
        decoder = new BinaryMessageDecoder<>(data, current);
        released(type.getSimpleName()).forEach(decoder::addSchema);
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
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try {
            encoder.encode(event, out);
        } catch (IOException | AvroRuntimeException e) {
            throw new SerializationException("Cannot write %s: %s".formatted(type.getSimpleName(), e.getMessage()), e);
        }
        return out.toByteArray();
    }

    /**
     * Reads one event.
     *
     * @throws SerializationException if the bytes are not this event in single-object encoding; the message says what came
     */
    T read(byte[] bytes) {
        try {
            return decoder.decode(bytes, null);
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

    Serde<T> serde() {
        return Serdes.serdeFrom(
                (topic, event) -> event == null ? null : write(event),
                (topic, bytes) -> bytes == null ? null : read(bytes));
    }
}
