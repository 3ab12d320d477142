package dev.tandem.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.events.registry.RegistryApi;
import dev.tandem.events.registry.RegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Every encoding against a real Apicurio Registry, by both of its interfaces. */
class RegistryIT {
    private static final String CONFLUENT = "/apis/ccompat/v7";
    private static final PassagePublished PASSAGE = new PassagePublished("p1", "title", "text");

    private static final ClickRecorded CLICK =
            new ClickRecorded("c1", "q1", "p1", 1, null, "u1", Instant.ofEpochMilli(1_700_000_000_000L));

    private static ApicurioServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Optional<String> obstacle = ApicurioServer.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle.orElse(""));
        server = ApicurioServer.start(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isReadWhicheverIsWrittenByWhicheverInterface(RegistryApi api) throws Exception {
        Topics writer = new Topics(server.events(EventEncoding.REGISTRY, api));
        SchemaAdmin.registerMissing(writer);
        Topics single = new Topics(server.events(EventEncoding.SINGLE_OBJECT, api));

        for (RegistryApi reading : RegistryApi.values()) {
            Topics reader = new Topics(server.events(EventEncoding.REGISTRY, reading));
            assertEquals(PASSAGE, reader.passages().read(writer.passages().write(PASSAGE)));
            assertEquals(PASSAGE, reader.passages().read(single.passages().write(PASSAGE)));
        }
        assertEquals(PASSAGE, single.passages().read(writer.passages().write(PASSAGE)));
    }

    @ParameterizedTest
    @EnumSource
    void registersEveryReleaseOfEveryTopicOnce(RegistryApi api) throws Exception {
        Topics topics = new Topics(server.events(EventEncoding.REGISTRY, api));

        SchemaAdmin.registerMissing(topics);
        SchemaAdmin.registerMissing(new Topics(server.events(EventEncoding.REGISTRY, api)));

        Set<String> subjects = new HashSet<>();
        json(server.get(CONFLUENT + "/subjects")).forEach(subject -> subjects.add(subject.asText()));
        for (Topic<?> topic : topics.all()) {
            String subject = topic + "-value";
            assertTrue(subjects.contains(subject), subjects::toString);
            assertEquals(
                    topic.registered().orElseThrow().released().size(),
                    json(server.get(CONFLUENT + "/subjects/" + subject + "/versions"))
                            .size());
            assertEquals(
                    "FULL_TRANSITIVE",
                    json(server.get(CONFLUENT + "/config/" + subject))
                            .path("compatibilityLevel")
                            .asText());
        }
        assertEquals(Map.of(), SchemaAdmin.troubles(topics));
    }

    @ParameterizedTest
    @EnumSource
    void readsTheBytesOfAnotherProgram(RegistryApi api) throws Exception {
        int id = json(server.post(
                        CONFLUENT + "/subjects/passages-value/versions",
                        request(EventCodec.released("PassagePublished").get(0))))
                .path("id")
                .asInt();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        for (String text : List.of("p1", "title", "text")) {
            bytes.write(2 * text.length()); // Avro: the length as a zigzag number, then the text
            bytes.writeBytes(text.getBytes(UTF_8));
        }

        Topics topics = new Topics(server.events(EventEncoding.SINGLE_OBJECT, api));

        assertEquals(PASSAGE, topics.passages().read(bytes.toByteArray()));
    }

    @ParameterizedTest
    @EnumSource
    void readsAnOldVersionThatTheRegistryHolds(RegistryApi api) throws Exception {
        SchemaAdmin.registerMissing(new Topics(server.events(EventEncoding.REGISTRY, api)));
        Schema oldest = EventCodec.released("CheckpointPromoted").get(0);
        int id = json(server.post(CONFLUENT + "/subjects/promotions-value", request(oldest)))
                .path("id")
                .asInt();
        byte[] event = RegistryFrames.frame(id, RegistryFrames.promotion(oldest));

        Topics topics = new Topics(server.events(EventEncoding.REGISTRY, api));

        assertEquals("c1", topics.promotions().read(event).getCheckpointId());
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnEventOfAnUnknownId(RegistryApi api) {
        Topics topics = new Topics(server.events(EventEncoding.REGISTRY, api));
        byte[] event = {0, 0, 1, 0, 0, 1, 2, 3};

        SerializationException refusal = assertThrows(
                SerializationException.class, () -> topics.passages().read(event));

        assertTrue(refusal.getMessage().contains("knows no schema of id 65536"), refusal.getMessage());
    }

    @ParameterizedTest
    @EnumSource
    void saysThatASubjectHoldsSomebodyElsesSchema(RegistryApi api) throws Exception {
        SchemaAdmin.registerMissing(new Topics(server.events(EventEncoding.REGISTRY, api)));
        Schema passage = EventCodec.released("PassagePublished").get(0);

        RegistryException refusal = assertThrows(
                RegistryException.class,
                () -> server.events(EventEncoding.REGISTRY, api)
                        .registry()
                        .orElseThrow()
                        .registry()
                        .register("clicks-value", passage));

        assertTrue(refusal.getMessage().contains("holds a schema of somebody else's"), refusal.getMessage());
    }

    @Test
    void saysWhenTheAddressIsThatOfTheOtherInterface() {
        Map<String, String> settings = Map.of(
                "events.encoding",
                "registry",
                "events.registry.url",
                server.events(EventEncoding.REGISTRY, RegistryApi.APICURIO)
                        .registry()
                        .orElseThrow()
                        .toString());
        Topics topics = new Topics(EventSettings.of(name -> Optional.ofNullable(settings.get(name))));

        RegistryException trouble = assertThrows(RegistryException.class, () -> SchemaAdmin.registerMissing(topics));

        assertTrue(trouble.getMessage().contains("events.registry.api (confluent)"), trouble.getMessage());
    }

    /** Else the ids on the topics would name other schemas after a restart. */
    @Test
    void keepsItsIdsOverARestartAsTheComposeFileHasIt(@TempDir Path directory) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"))) {
            Map<String, String> environment = environmentInCompose();
            assertEquals(
                    "kafka:9092", environment.put("APICURIO_KAFKASQL_BOOTSTRAP_SERVERS", broker.bootstrapServers()));
            byte[] event;
            try (ApicurioServer first = ApicurioServer.start(directory, environment)) {
                Topics topics = new Topics(first.events(EventEncoding.REGISTRY, RegistryApi.CONFLUENT));
                SchemaAdmin.registerMissing(topics);
                event = topics.clicks().write(CLICK);
            }

            try (ApicurioServer second = ApicurioServer.start(directory, environment)) {
                Topics topics = new Topics(second.events(EventEncoding.REGISTRY, RegistryApi.CONFLUENT));
                assertEquals(Map.of(), SchemaAdmin.troubles(topics));
                assertEquals(CLICK, topics.clicks().read(event));
            }
        }
    }

    private static Map<String, String> environmentInCompose() throws IOException {
        try (Reader in = Files.newBufferedReader(Path.of("..", "deploy", "docker", "registry.yml"))) {
            Map<String, Map<String, Map<String, Map<String, String>>>> file =
                    new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            return new HashMap<>(file.get("services").get("registry").get("environment"));
        }
    }

    private static String request(Schema schema) {
        return new JsonMapper()
                .createObjectNode()
                .put("schema", schema.toString())
                .toString();
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text);
    }
}
