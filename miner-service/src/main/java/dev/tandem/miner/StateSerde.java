package dev.tandem.miner;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Serdes of what the topology remembers: Avro single-object encoding, as on the topics. */
final class StateSerde {
    private StateSerde() {}

    static <T extends SpecificRecord> Serde<T> of(Class<T> type) {
        SpecificData data = SpecificData.getForClass(type);
        BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(data, data.getSchema(type));
        BinaryMessageDecoder<T> decoder = new BinaryMessageDecoder<>(data, data.getSchema(type));
        return Serdes.serdeFrom(
                (topic, value) -> value == null ? null : write(encoder, value),
                (topic, bytes) -> bytes == null ? null : read(decoder, type, bytes));
    }

    private static <T> byte[] write(BinaryMessageEncoder<T> encoder, T value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try {
            encoder.encode(value, out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new SerializationException("Cannot write the state " + value, e);
        }
    }

    private static <T> T read(BinaryMessageDecoder<T> decoder, Class<T> type, byte[] bytes) {
        try {
            return decoder.decode(bytes, null);
        } catch (IOException e) {
            throw new SerializationException(
                    "Cannot read the state %s: it was written by another version of the miner"
                            .formatted(type.getSimpleName()),
                    e);
        }
    }
}
