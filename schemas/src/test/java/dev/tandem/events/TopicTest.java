package dev.tandem.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class TopicTest {
    private final Topics topics = new Topics();

    @Test
    void readsWhatItWrote() {
        QueryRecorded query = new QueryRecorded(
                "q1",
                "how to split a string",
                Instant.ofEpochMilli(1_700_000_000_000L),
                List.of(new Judgement("p1", 1)),
                List.of(),
                null,
                null,
                QueryUse.BY_HASH);

        QueryRecorded read = topics.queries().read(topics.queries().write(query));

        assertEquals(query, read);
    }

    @Test
    void saysWhatItExpectedWhenTheBytesAreNoEvent() {
        byte[] json = "{\"id\":\"q1\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.queries().read(json));

        assertTrue(refusal.getMessage().startsWith("Expected QueryRecorded"), refusal.getMessage());
    }

    @Test
    void refusesAnEventOfAnotherTopic() {
        byte[] passage = topics.passages().write(new PassagePublished("p1", "title", "text"));

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.queries().read(passage));

        assertTrue(refusal.getMessage().contains("unknown schema"), refusal.getMessage());
    }

    @Test
    void refusesABodyThatWasCutShort() {
        byte[] whole = topics.passages().write(new PassagePublished("p1", "title", "text"));
        byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.passages().read(cut));

        assertTrue(refusal.getMessage().contains("damaged"), refusal.getMessage());
    }

    @Test
    void keysTheTwoListsOfAQueryApart() {
        assertEquals("abc/denoised", Topics.listKey("abc", ListKind.DENOISED));
        assertEquals("abc/undenoised", Topics.listKey("abc", ListKind.UNDENOISED));
    }
}
