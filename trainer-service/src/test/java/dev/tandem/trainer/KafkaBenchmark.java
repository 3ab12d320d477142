package dev.tandem.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.Topics;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.trainer.recipe.TrainingRecipe;
import dev.tandem.trainer.stage.Rounds;
import dev.tandem.trainer.stage.Side;
import dev.tandem.trainer.stage.SpeedTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What reading from Kafka costs: the very same steps by the very same loop, fed by a broker and from memory in turn. Every
 * list is used once, so that each step needs as many new ones as it takes. The broker runs in this process, on the same cores.
 *
 * <pre>
 * KafkaBenchmark [seconds=120] [only=retriever,joint]
 * </pre>
 */
public final class KafkaBenchmark implements AutoCloseable {
    private static final Topics TOPICS = new Topics();
    private static final double TARGET = 0.97;
    private static final int WORDS = 90;
    private static final int LENGTH = 8;

    private final Map<String, String> options = new HashMap<>();
    private final Path scratch = Files.createTempDirectory("tandem-kafka");
    private final List<String> words = words();
    private final Random random = new Random(1);
    private int stores;

    private KafkaBenchmark(String[] arguments) throws IOException {
        for (String argument : arguments) {
            String[] pair = argument.split("=", 2);
            if (pair.length == 2 && !pair[1].isEmpty()) {
                options.put(pair[0], pair[1]);
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        try (KafkaBenchmark benchmark = new KafkaBenchmark(arguments)) {
            benchmark.run();
        }
    }

    private void run() throws IOException {
        Path initial = initial();
        String only = options.getOrDefault("only", "retriever,joint");
        SpeedTable table = new SpeedTable();
        table.head();
        if (only.contains("retriever")) {
            compare("retriever step, 128/2, 64 queries, 1 negative", 30, 64, retriever(), initial, table);
        }
        if (only.contains("joint")) {
            compare("joint step, 128/2, 16 lists of 8", 10, 16, joint(), initial, table);
        }
    }

    private void compare(
            String what, int steps, int listsPerStep, TrainingRecipe recipe, Path initial, SpeedTable table) {
        List<CandidateList> lists =
                Stream.generate(this::list).limit((long) steps * listsPerStep).toList();
        TrainerMetrics metrics = new TrainerMetrics(new SimpleMeterRegistry());
        try (EmbeddedBroker broker = EmbeddedBroker.start(scratch.resolve("broker-" + listsPerStep))) {
            TrainerClients clients = new TrainerClients(broker.kafka());
            send(clients, lists);
            try (Outbox outbox = new Outbox(clients.producer(), TOPICS, metrics, Clock.systemUTC())) {
                Side kafka = round -> train(
                        new KafkaLists(clients.consumer(), TOPICS.candidateLists(), outbox), steps, recipe, initial);
                Side memory = round -> train(new MemoryLists(lists), steps, recipe, initial);
                Duration about = Duration.ofSeconds(Long.parseLong(options.getOrDefault("seconds", "120")));
                Rounds rounds = Rounds.alternate(List.of(kafka, memory), about).get(0);
                table.steps(what, "from memory", steps - 1, rounds, TARGET);
            }
        }
    }

    /** Seconds from the first update to the last: models are open, and the first lists have come. */
    private double train(ListSource lists, int steps, TrainingRecipe recipe, Path initial) {
        List<Long> updatedAt = new ArrayList<>();
        TrainingSettings settings = TrainerConfig.of(
                        Map.of("trainer.init", initial.toString(), "trainer.log-every-steps", "1000000"))
                .asSettings(0)
                .endingAfter(steps);
        Path store = scratch.resolve("store-" + stores++);
        new Training(
                        lists,
                        new Checkpoints(CheckpointStore.in(store), 1),
                        () -> Promotions.NONE,
                        recipe,
                        settings,
                        new TrainerMetrics(new SimpleMeterRegistry()),
                        Clock.systemUTC(),
                        update -> updatedAt.add(System.nanoTime()))
                .run();
        delete(store);
        if (updatedAt.size() != steps) {
            throw new IllegalStateException("Expected %d steps, got %d".formatted(steps, updatedAt.size()));
        }
        return (updatedAt.get(updatedAt.size() - 1) - updatedAt.get(0)) / 1e9;
    }

    private static TrainingRecipe retriever() {
        return recipe(Map.of(
                "trainer.recipe.retriever-warm-up.steps", "1000000",
                "trainer.recipe.retriever-warm-up.lists", "64",
                "trainer.recipe.retriever-warm-up.hard-negatives", "1",
                "trainer.recipe.replay.intake-lists", "64",
                "trainer.recipe.replay.minimum-lists", "64"));
    }

    private static TrainingRecipe joint() {
        return recipe(Map.of(
                "trainer.recipe.retriever-warm-up.steps", "0",
                "trainer.recipe.reranker-warm-up.steps", "0",
                "trainer.recipe.joint.lists", "16",
                "trainer.recipe.joint.list-length", Integer.toString(LENGTH),
                "trainer.recipe.replay.intake-lists", "16",
                "trainer.recipe.replay.minimum-lists", "16"));
    }

    private static TrainingRecipe recipe(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("trainer.recipe.replay.replay-share", "0");
        return TrainerConfig.of(all).recipe().asRecipe();
    }

    private static void send(TrainerClients clients, List<CandidateList> lists) {
        try (Producer<byte[], byte[]> producer = clients.producer()) {
            for (CandidateList list : lists) {
                var unused = producer.send(
                        new ProducerRecord<>( // flush waits for it
                                TOPICS.candidateLists().name(),
                                ListRecords.key(list).getBytes(UTF_8),
                                ListRecords.value(list)));
            }
            producer.flush();
        }
    }

    private CandidateList list() {
        String text = "query " + text(8) + " " + random.nextInt();
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < LENGTH; i++) {
            String id = Long.toHexString(random.nextLong());
            candidates.add(new Candidate(
                    i == 0 ? Role.POSITIVE : Role.RETRIEVED, new Passage(id, text(3), text(WORDS)), null, null, null));
        }
        return new CandidateList(
                QueryKey.of(text),
                new Query(Long.toHexString(random.nextLong()), text),
                CandidateList.Kind.UNDENOISED,
                candidates,
                CandidateList.BM25,
                1,
                Instant.EPOCH);
    }

    private String text(int length) {
        return String.join(
                " ", random.ints(length, 0, words.size()).mapToObj(words::get).toList());
    }

    private static List<String> words() throws IOException {
        try (InputStream in = KafkaBenchmark.class.getResourceAsStream("/golden/tokenizer/vocab.txt")) {
            return new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .filter(word -> word.matches("[a-z]{3,}"))
                    .toList();
        }
    }

    private Path initial() throws IOException {
        Path tokenizer = scratch.resolve("tokenizer.json");
        try (InputStream in = KafkaBenchmark.class.getResourceAsStream("/golden/tokenizer/tokenizer.json")) {
            Files.write(tokenizer, in.readAllBytes());
        }
        Architecture architecture = new Architecture(128, 2, 4, 512, 128, 0.1, true);
        EncodingConfig encoding = new EncodingConfig(24, 96, 128, Pooling.MEAN, Similarity.COSINE, 0.1);
        EncoderInit.random(scratch.resolve("initial"), tokenizer, architecture, encoding, 1);
        return scratch.resolve("initial");
    }

    @Override
    public void close() {
        delete(scratch);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }
}
