package dev.tandem.events;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BadHeaderException;
import org.apache.avro.message.MissingSchemaException;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's single-object encoding of one type: C3 01, the fingerprint of the writer's schema in 8 bytes (little-endian), the body.
 *
 * <p>The same bytes as of Avro's own {@code BinaryMessageEncoder}, from arrays in place of streams, of which every byte is a
 * locked call. Safe for use by many threads.
 *
 * @param <T> the type
 */
public final class SingleObjectCodec<T extends SpecificRecord> {
    private static final short MARKER = (short) 0xC301;
    private static final int HEADER_BYTES = Short.BYTES + Long.BYTES;
    private static final ThreadLocal<BinaryEncoder> ENCODER = new ThreadLocal<>();
    private static final ThreadLocal<BinaryDecoder> DECODER = new ThreadLocal<>();

    static {
        DecodingLimits.set();
    }

    private final byte[] header;
    private final DatumWriter<T> writer;
    private final Map<Long, DatumReader<T>> readers = new HashMap<>();

    /**
     * @param writers every schema the type was ever written with; its present one need not be among them
     */
    @SuppressWarnings("unchecked")
    public SingleObjectCodec(Class<T> type, Iterable<Schema> writers) {
        SpecificData data = SpecificData.getForClass(type);
        Schema current = data.getSchema(type);
        header = ByteBuffer.allocate(HEADER_BYTES)
                .putShort(MARKER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(fingerprint(current))
                .array();
        writer = data.createDatumWriter(current);
        writers.forEach(schema -> readers.put(fingerprint(schema), data.createDatumReader(schema, current)));
        readers.put(fingerprint(current), data.createDatumReader(current, current));
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /**
     * The value in bytes.
     *
     * @throws AvroRuntimeException if the value lacks what its schema asks for
     */
    public byte[] write(T value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        out.writeBytes(header);
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, ENCODER.get());
        ENCODER.set(encoder);
        try {
            writer.write(value, encoder);
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            ENCODER.remove(); // it holds half a value
            throw e;
        }
        return out.toByteArray();
    }

    /**
     * The value that these bytes are.
     *
     * @throws BadHeaderException if they do not begin as they should
     * @throws MissingSchemaException if their writer's schema is none of those known
     * @throws IOException or of unchecked types what Avro throws on a damaged body
     */
    public T read(byte[] bytes) throws IOException {
        if (bytes.length < HEADER_BYTES || ByteBuffer.wrap(bytes).getShort() != MARKER) {
            throw new BadHeaderException(
                    "Expected C3 01 and a fingerprint, got %d bytes that do not begin so".formatted(bytes.length));
        }
        long fingerprint = ByteBuffer.wrap(bytes, Short.BYTES, Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        DatumReader<T> reader = readers.get(fingerprint);
        if (reader == null) {
            throw new MissingSchemaException("its fingerprint is " + Long.toHexString(fingerprint));
        }
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, DECODER.get());
        DECODER.set(decoder);
        return reader.read(null, decoder);
    }
}
