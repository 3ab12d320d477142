package dev.tandem.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.registry.RegistryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that name their schema by its id in a registry, and what becomes of them when that is away or knows nothing. */
class RegistryEncodingTest {
    private static final PassagePublished PASSAGE = new PassagePublished("p1", "title", "text");

    private StubRegistry registry;
    private Topics topics;

    @BeforeEach
    void start() throws IOException {
        registry = StubRegistry.start();
        topics = new Topics(registry.events(EventEncoding.REGISTRY));
    }

    @AfterEach
    void stop() {
        topics.close();
        registry.close();
    }

    @Test
    void isReadWhicheverIsWritten() throws Exception {
        SchemaAdmin.registerMissing(topics);
        Topics others = new Topics(registry.events(EventEncoding.SINGLE_OBJECT));

        byte[] framed = topics.passages().write(PASSAGE);
        byte[] single = others.passages().write(PASSAGE);

        assertEquals(0, framed[0]);
        assertEquals(
                registry.subjects().get("passages-value").get(0),
                ByteBuffer.wrap(framed, 1, 4).getInt());
        assertEquals((byte) 0xC3, single[0]);
        for (byte[] bytes : List.of(framed, single)) {
            assertEquals(PASSAGE, topics.passages().read(bytes));
            assertEquals(PASSAGE, others.passages().read(bytes));
        }
    }

    @Test
    void readsWhatAnotherProgramWrote() throws Exception {
        Schema theirs = SchemaBuilder.record("PassagePublished")
                .namespace("dev.tandem.events")
                .fields()
                .requiredString("text")
                .requiredString("id")
                .requiredString("title")
                .optionalString("language")
                .endRecord();
        int id = registry.add("passages-value", theirs.toString());
        GenericData.Record event = new GenericRecordBuilder(theirs)
                .set("text", "text")
                .set("id", "p1")
                .set("title", "title")
                .build();

        assertEquals(PASSAGE, topics.passages().read(RegistryFrames.frame(id, event)));
    }

    @Test
    void readsAnOldVersionAsItsWriterWroteIt() throws Exception {
        Schema first = EventCodec.released("CheckpointPromoted").get(0);
        int id = registry.add("promotions-value", first.toString());
        CheckpointPromoted read = topics.promotions().read(RegistryFrames.frame(id, RegistryFrames.promotion(first)));

        assertEquals("c1", read.getCheckpointId());
        assertFalse(read.getFrozen()); // which the second version has added
    }

    @Test
    void registersEveryReleaseOfEveryTopicOnceUnderTheNameThatOthersLookFor() throws Exception {
        SchemaAdmin.registerMissing(topics);
        Map<String, List<Integer>> first = registry.subjects();
        SchemaAdmin.registerMissing(new Topics(registry.events(EventEncoding.REGISTRY)));

        assertEquals(first, registry.subjects());
        assertEquals(topics.all().size(), first.size());
        for (Topic<?> topic : topics.all()) {
            assertEquals(
                    topic.registered().orElseThrow().released().size(),
                    first.get(topic + "-value").size());
        }
        assertEquals(first.keySet(), registry.rules().keySet());
        assertEquals(Set.of("FULL_TRANSITIVE"), Set.copyOf(registry.rules().values()));
        assertEquals(Map.of(), SchemaAdmin.troubles(topics));
    }

    @Test
    void leavesARuleThatSomebodyHasSetAndTellsOfIt() throws Exception {
        registry.add(
                "passages-value", EventCodec.released("PassagePublished").get(0).toString());

        SchemaAdmin.registerMissing(topics);

        assertFalse(registry.rules().containsKey("passages-value"));
        assertEquals(
                Map.of("passages-value", "expected compatibility FULL_TRANSITIVE, got none"),
                SchemaAdmin.troubles(topics));
    }

    @Test
    void goesOnWithoutTheRegistryOnceItHasRegistered() throws Exception {
        SchemaAdmin.registerMissing(topics);
        registry.close();

        assertEquals(PASSAGE, topics.passages().read(topics.passages().write(PASSAGE)));
    }

    @Test
    void refusesAnEventOnlyWhenTheRegistrySaysThatItDoesNotKnowItsSchema() {
        byte[] unknown = {0, 0, 0, 0, 99, 1, 2, 3};

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.passages().read(unknown));

        assertTrue(refusal.getMessage().contains("knows no schema of id 99"), refusal.getMessage());
    }

    @Test
    void asksTwiceForASchemaThatIsSoNewThatNotEveryServerKnowsIt() throws Exception {
        byte[] event = foreign();
        try (StubRegistry behind = StubRegistry.start()) {
            Topics reader = new Topics(behind.events(EventEncoding.SINGLE_OBJECT));
            CompletableFuture<PassagePublished> read =
                    CompletableFuture.supplyAsync(() -> reader.passages().read(event));
            await().atMost(Duration.ofSeconds(10)).until(() -> behind.asked() == 1);

            assertEquals(
                    1,
                    behind.add(
                            "passages-value", PassagePublished.getClassSchema().toString()));

            assertEquals(PASSAGE, read.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void waitsWhileTheRegistryDoesNotAnswer() throws Exception {
        byte[] event = foreign();
        registry.goDown();

        CompletableFuture<PassagePublished> read =
                CompletableFuture.supplyAsync(() -> topics.passages().read(event));
        awaitRequests(2);
        assertFalse(read.isDone());
        registry.breakWith(404, "text/html", "<html>not here</html>");
        awaitRequests(2);
        registry.breakWith(404, "application/json", "{\"detail\":\"no such path\"}");
        awaitRequests(2);
        registry.breakWith(401, "application/json", "{\"error_code\":401}");
        awaitRequests(2);
        registry.breakWith(200, "text/html", "<html>log in</html>");
        awaitRequests(2);
        assertFalse(read.isDone());
        registry.mend();

        await().atMost(Duration.ofSeconds(10)).until(read::isDone);
        assertEquals(PASSAGE, read.join());
    }

    @Test
    void stopsWaitingWhenItIsClosed() throws Exception {
        byte[] event = foreign();
        registry.goDown();
        CompletableFuture<PassagePublished> read =
                CompletableFuture.supplyAsync(() -> topics.passages().read(event));
        awaitRequests(1);

        topics.close();

        CompletionException end = assertThrows(CompletionException.class, read::join);
        assertEquals(WakeupException.class, end.getCause().getClass());
    }

    private void awaitRequests(int more) {
        int before = registry.asked();
        await().atMost(Duration.ofSeconds(10)).until(() -> registry.asked() >= before + more);
    }

    /** An event of a schema that these topics have not seen yet. */
    private byte[] foreign() throws Exception {
        Topics others = new Topics(registry.events(EventEncoding.REGISTRY));
        SchemaAdmin.registerMissing(others);
        return others.passages().write(PASSAGE);
    }

    @Test
    void refusesAnEventOfAnotherTopic() throws Exception {
        SchemaAdmin.registerMissing(topics);
        byte[] passage = topics.passages().write(PASSAGE);

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.queries().read(passage));

        assertTrue(refusal.getMessage().contains("dev.tandem.events.PassagePublished"), refusal.getMessage());
    }

    @Test
    void refusesWhatIsNoWholeAvroSchema() {
        int protobuf = registry.add("passages-value", "syntax = \"proto3\";");
        int open = registry.add(
                "passages-value",
                "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"b\",\"type\":\"Elsewhere\"}]}");

        for (int id : new int[] {protobuf, open}) {
            SerializationException refusal = assertThrows(
                    SerializationException.class,
                    () -> topics.passages()
                            .read(ByteBuffer.allocate(6)
                                    .put((byte) 0)
                                    .putInt(id)
                                    .array()));
            assertTrue(refusal.getMessage().contains("one whole Avro schema under id " + id), refusal.getMessage());
        }
    }

    @Test
    void refusesFramesThatAreCutShortOrOfAnotherKind() throws Exception {
        SchemaAdmin.registerMissing(topics);
        byte[] whole = topics.passages().write(PASSAGE);
        byte[] eightByteId = {0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 'p', '1'};

        for (byte[] bytes : List.of(
                new byte[] {0}, new byte[] {0, 0, 0}, java.util.Arrays.copyOf(whole, whole.length - 2), eightByteId)) {
            assertThrows(SerializationException.class, () -> topics.passages().read(bytes));
        }
    }

    @Test
    void saysWhichSettingIsMissingWhereThereIsNoRegistry() throws Exception {
        byte[] event = foreign();

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> new Topics().passages().read(event));

        assertTrue(refusal.getMessage().contains("Set events.registry.url"), refusal.getMessage());
    }

    @Test
    void doesNotTakeTheIdOfAnotherSchema() {
        registry.breakWith(200, "application/json", "{\"id\":1,\"schema\":\"\\\"string\\\"\"}");

        RegistryException trouble = assertThrows(RegistryException.class, () -> SchemaAdmin.registerMissing(topics));

        assertFalse(trouble.canPass());
        assertTrue(trouble.getMessage().contains("got 1, which is another schema's"), trouble.getMessage());
    }

    @Test
    void saysWhereNobodyAnswersAndWhatToSet() {
        registry.close();

        RegistryException trouble = assertThrows(RegistryException.class, () -> SchemaAdmin.registerMissing(topics));

        assertTrue(trouble.canPass());
        assertTrue(trouble.getMessage().contains(registry.url()), trouble.getMessage());
        assertTrue(trouble.getMessage().contains("events.registry.url"), trouble.getMessage());
    }

    @Test
    void givesUpAnAnswerWithoutAnEnd() {
        registry.breakWith(200, "application/json", "x".repeat(2_000_000));

        RegistryException trouble = assertThrows(RegistryException.class, () -> SchemaAdmin.registerMissing(topics));

        assertTrue(trouble.getMessage().contains("at most 1048576 bytes"), trouble.getMessage());
    }

    @Test
    void saysWhoItIsAndNamesNoPassword() throws Exception {
        Map<String, String> settings = Map.of(
                "events.encoding", "registry",
                "events.registry.url", registry.url() + "/",
                "events.registry.user", "tandem",
                "events.registry.password", "very secret");
        EventSettings events = EventSettings.of(name -> Optional.ofNullable(settings.get(name)));

        SchemaAdmin.registerMissing(new Topics(events));

        assertEquals(
                "Basic " + Base64.getEncoder().encodeToString("tandem:very secret".getBytes(UTF_8)),
                registry.authorization());
        assertFalse(events.toString().contains("secret"), events::toString);
        registry.breakWith(403, "application/json", "{}");
        RegistryException refused =
                assertThrows(RegistryException.class, () -> SchemaAdmin.registerMissing(new Topics(events)));
        assertFalse(refused.canPass());
        assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    }
}
