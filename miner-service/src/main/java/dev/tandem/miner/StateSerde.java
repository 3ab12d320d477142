package dev.tandem.miner;

import dev.tandem.events.SingleObjectCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Serdes of what the topology remembers: Avro single-object encoding, as on the topics.
 *
 * <p>What a former version of the miner wrote is read too: {@code state-history} holds every schema that state was ever
 * written with, and new fields have a default.
 */
final class StateSerde {
    private StateSerde() {}

    /** Every schema state of a type was written with, oldest first. */
    static List<Schema> history(Class<?> type) {
        List<Schema> schemas = new ArrayList<>();
        for (int version = 1; ; version++) {
            String file = "state-history/%s/v%d.avsc".formatted(type.getSimpleName(), version);
            try (InputStream in = StateSerde.class.getResourceAsStream(file)) {
                if (in == null) {
                    return schemas;
                }
                schemas.add(new Schema.Parser().parse(in));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read %s from the jar".formatted(file), e);
            }
        }
    }

    static <T extends SpecificRecord> Serde<T> of(Class<T> type) {
        SpecificData.getForClass(type)
                .setCustomCoders(true); // generated code writes faster than a walk along the schema
        SingleObjectCodec<T> codec = new SingleObjectCodec<>(type, history(type));
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : write(codec, value),
                (topic, bytes) -> bytes == null ? null : read(codec, type, bytes));
    }

    private static <T extends SpecificRecord> byte[] write(SingleObjectCodec<T> codec, T value) {
        try {
            return codec.write(value);
        } catch (IOException e) {
            throw new SerializationException("Cannot write the state " + value, e);
        }
    }

    private static <T extends SpecificRecord> T read(SingleObjectCodec<T> codec, Class<T> type, byte[] bytes) {
        try {
            return codec.read(bytes);
        } catch (IOException e) {
            throw new SerializationException(
                    "Cannot read the state %s: it was written by a later version of the miner, or is damaged"
                            .formatted(type.getSimpleName()),
                    e);
        }
    }
}
