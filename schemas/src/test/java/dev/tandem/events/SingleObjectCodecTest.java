package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class SingleObjectCodecTest {
    private static final SpecificData DATA = SpecificData.getForClass(QueryRecorded.class);

    private final SingleObjectCodec<QueryRecorded> codec = new SingleObjectCodec<>(QueryRecorded.class, List.of());

    @Test
    void writesAndReadsTheBytesOfAvrosOwnEncoder() throws IOException {
        QueryRecorded query = query("split a string");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new BinaryMessageEncoder<QueryRecorded>(DATA, QueryRecorded.getClassSchema()).encode(query, bytes);

        assertArrayEquals(bytes.toByteArray(), codec.write(query));
        assertEquals(query, codec.read(bytes.toByteArray()));
        assertEquals(
                query,
                new BinaryMessageDecoder<QueryRecorded>(DATA, QueryRecorded.getClassSchema())
                        .decode(codec.write(query)));
    }

    @Test
    void writesAWholeEventAfterOneThatCouldNotBeWritten() throws IOException {
        QueryRecorded good = query("split a string");
        byte[] before = codec.write(good);

        assertThrows(RuntimeException.class, () -> codec.write(query(null)));

        assertArrayEquals(before, codec.write(good));
    }

    @Test
    void refusesABodyThatClaimsMoreThanThereIs() throws IOException {
        Topics topics = new Topics();
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes(Arrays.copyOf(topics.passages().write(new PassagePublished("p1", "title", "text")), 10));
        BinaryEncoder body = EncoderFactory.get().directBinaryEncoder(event, null);
        body.writeLong(2_000_000_000);
        body.writeFixed("p1".getBytes(StandardCharsets.UTF_8));

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.passages().read(event.toByteArray()));

        assertTrue(refusal.getMessage().contains("exceeds maximum"), refusal.getMessage());
    }

    private static QueryRecorded query(String text) {
        return new QueryRecorded(
                "q1",
                text,
                Instant.ofEpochMilli(1_700_000_000_000L),
                List.of(new Judgement("p1", 1)),
                List.of("p1", "p2"),
                "bm25",
                null,
                QueryUse.BY_HASH);
    }
}
