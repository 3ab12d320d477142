package dev.tandem.quickstart.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tandem.retrieval.Passage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendingMarkTest {
    private static final long ALL = 2 * SendingMark.EVERY + 50;

    @TempDir
    private Path directory;

    private Path source;

    @BeforeEach
    void writeTheSource() throws IOException {
        source = Files.writeString(directory.resolve("passages.jsonl"), "lines");
    }

    @Test
    void goesOnAfterWhatTheBrokerHasConfirmed() throws IOException {
        send(mark("load"), 2 * SendingMark.EVERY - 1); // and then the process is killed

        SendingMark second = mark("load");
        assertEquals(SendingMark.EVERY, second.before());
        List<String> sent = send(second, ALL);
        assertEquals(ALL - SendingMark.EVERY, sent.size());
        assertEquals("p" + SendingMark.EVERY, sent.get(0));
        second.done();

        assertEquals(0, mark("load").before());
    }

    @Test
    void beginsAnewWithAnotherCommandAChangedSourceOrOnDemand() throws IOException {
        send(mark("load"), ALL);

        assertEquals(2 * SendingMark.EVERY, mark("load").before());
        assertEquals(0, mark("load --queries").before());
        assertEquals(ALL, send(mark("load").again(), ALL).size());
        Files.writeString(source, "other lines");
        assertEquals(0, mark("load").before());
    }

    @Test
    void keepsNothingOfWhatCannotBeReadTwice() throws IOException {
        SendingMark none = SendingMark.none();

        assertEquals(ALL, send(none, ALL).size());
        none.done();

        assertFalse(Files.exists(directory.resolve("sent")));
    }

    private SendingMark mark(String what) throws IOException {
        return SendingMark.of(directory.resolve("sent"), what, source);
    }

    /** Keys of what came to the broker. */
    private static List<String> send(SendingMark mark, long events) {
        MockProducer<String, byte[]> broker =
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
        try (EventFeed feed = new EventFeed(broker)) {
            LongStream.range(0, events)
                    .mapToObj(i -> new Passage("p" + i, "", "text"))
                    .forEach(passage -> mark.send(feed, () -> feed.publish(passage)));
        }
        return broker.history().stream().map(record -> record.key()).toList();
    }
}
