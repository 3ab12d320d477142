package dev.tandem.events;

import dev.tandem.events.registry.UnusableSchemaException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.message.RawMessageDecoder;
import org.apache.avro.message.RawMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * One type of event in the frame of a schema registry: 00, the id of the writer's schema in 4 bytes (big-endian), the body.
 *
 * <p>Sources: Confluent, "Wire format"; Apicurio 3, {@code Default4ByteIdHandler} with content ids, its default.
 */
final class RegistryCodec<T extends SpecificRecord> {
    static final byte MARKER = 0;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final int NONE = -1;

    private final String subject;
    private final List<Schema> released;
    private final SpecificData data;
    private final Schema current;
    private final RegisteredSchemas schemas;
    private final RawMessageEncoder<T> encoder;
    private final Map<Integer, RawMessageDecoder<T>> decoders = new ConcurrentHashMap<>();
    private final AtomicInteger currentId = new AtomicInteger(NONE);

    /**
     * @param topic its subject is this with "-value" behind it, as Confluent's TopicNameStrategy and Apicurio's TopicIdStrategy have it
     * @param released every released schema of the event, oldest first; the last says what {@code current} says
     */
    RegistryCodec(String topic, SpecificData data, Schema current, List<Schema> released, RegisteredSchemas schemas) {
        this.subject = topic + "-value";
        this.data = data;
        this.current = current;
        this.released = List.copyOf(released);
        this.schemas = schemas;
        this.encoder = new RawMessageEncoder<>(data, current);
    }

    String subject() {
        return subject;
    }

    RegisteredSchemas schemas() {
        return schemas;
    }

    /** Every released schema of the event, oldest first. */
    List<Schema> released() {
        return released;
    }

    /** Registers every released schema that is not there yet, oldest first; each is known from then on. Asks once. */
    void register() throws InterruptedException {
        int newest = NONE;
        for (Schema schema : released) {
            newest = schemas.idOf(subject, schema);
        }
        currentId.set(newest);
    }

    /** The event in bytes; without {@link #register} before it, registers first. */
    byte[] write(T event) throws IOException, InterruptedException {
        if (currentId.get() == NONE) {
            register();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.writeBytes(ByteBuffer.allocate(HEADER_BYTES)
                .put(MARKER)
                .putInt(currentId.get())
                .array());
        encoder.encode(event, out);
        return out.toByteArray();
    }

    /** Reads one event of which the first byte has been seen to be {@link #MARKER}. */
    T read(byte[] bytes) throws IOException {
        if (bytes.length < HEADER_BYTES) {
            throw refusal("a marker and at least 4 bytes of a schema's id", "%d bytes".formatted(bytes.length));
        }
        ByteBuffer frame = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        int id = frame.getInt();
        if (id == 0) {
            throw refusal("a schema's id in 4 bytes", "one in 8, as of Apicurio's Legacy8ByteIdHandler, or none");
        }
        return decoder(id).decode(frame);
    }

    private RawMessageDecoder<T> decoder(int id) {
        RawMessageDecoder<T> decoder = decoders.get(id);
        if (decoder == null) {
            decoder = new RawMessageDecoder<>(data, writer(id), current);
            decoders.put(id, decoder);
        }
        return decoder;
    }

    private Schema writer(int id) {
        try {
            Schema writer = schemas.of(id);
            var result = SchemaCompatibility.checkReaderWriterCompatibility(current, writer);
            if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
                throw refusal(
                        "an event that " + current.getName() + " can read",
                        "one of %s (id %d at %s): %s"
                                .formatted(
                                        writer.getFullName(),
                                        id,
                                        schemas.registry().address(),
                                        result.getResult().getIncompatibilities()));
            }
            return writer;
        } catch (UnusableSchemaException e) {
            throw new SerializationException(
                    "Expected %s, got an event of a schema that is not there: %s. Its producer writes for another registry, or the schema was deleted."
                            .formatted(current.getName(), e.getMessage()),
                    e);
        }
    }

    private SerializationException refusal(String expected, String got) {
        return new SerializationException("Expected %s in the frame of a schema registry with %s, got %s"
                .formatted(current.getName(), expected, got));
    }
}
