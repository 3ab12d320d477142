package dev.tandem.trainer;

import dev.tandem.events.CheckpointSaved;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.Candidate.Role;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.EncoderInit;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Pooling;
import dev.tandem.retrieval.encoder.Similarity;
import dev.tandem.trainer.recipe.Distillation;
import dev.tandem.trainer.recipe.Joint;
import dev.tandem.trainer.recipe.Optimizer;
import dev.tandem.trainer.recipe.Plateau;
import dev.tandem.trainer.recipe.Replay;
import dev.tandem.trainer.recipe.RerankerWarmUp;
import dev.tandem.trainer.recipe.RetrieverWarmUp;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.TrainingRecipe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A training small enough for tests: models of 32 dimensions, with dropout, and lists made of a few words. */
public final class TinyTraining {
    private static final EncodingConfig ENCODING = new EncodingConfig(12, 16, 24, Pooling.MEAN, Similarity.COSINE, 0.1);
    private static final String[] WORDS =
            "schema root connection table column index write read open close file path sort merge join key value"
                    .split(" ", -1);

    private TinyTraining() {}

    /** An initial directory with random models. */
    public static Path initial(Path directory) throws IOException {
        return initial(directory, 0.1);
    }

    static Path initialWithoutDropout(Path directory) throws IOException {
        return initial(directory, 0);
    }

    private static Path initial(Path directory, double dropout) throws IOException {
        Files.createDirectories(directory);
        Path tokenizer = directory.resolveSibling("tokenizer.json");
        try (InputStream in = TinyTraining.class.getResourceAsStream("/golden/tokenizer/tokenizer.json")) {
            Files.write(tokenizer, in.readAllBytes());
        }
        EncoderInit.random(directory, tokenizer, new Architecture(32, 2, 2, 64, 32, dropout, true), ENCODING, 5);
        return directory;
    }

    /** Two steps of warming up the retriever, three the re-ranker (the first easy), then a number of joint ones. */
    public static TrainingRecipe recipe(int jointSteps) {
        return new TrainingRecipe(
                11,
                new RetrieverWarmUp(2, 4, 1, 1e-3, Schedule.constant()),
                new RerankerWarmUp(3, 4, 3, 1e-3, Schedule.constant(), 1, 0.8, 2, true, true),
                new Joint(
                        jointSteps,
                        4,
                        3,
                        1e-3,
                        1e-3,
                        new Schedule(2, Schedule.Decay.LINEAR, 40, 0.1),
                        Distillation.PAPER,
                        true,
                        false,
                        1,
                        0.5),
                new Optimizer(0.9, 0.98, 1e-8, 0.01, 1),
                new Replay(0.5, 50, 1000, 3, 4),
                Plateau.NEVER,
                200);
    }

    static RetrieverWarmUp noRetrieverWarmUp() {
        return new RetrieverWarmUp(0, 1, 0, 1e-3, Schedule.constant());
    }

    static RerankerWarmUp noRerankerWarmUp() {
        return new RerankerWarmUp(0, 1, 2, 1e-3, Schedule.constant(), 0, 0.8, 1, false, false);
    }

    /** Lists of both kinds for queries of a few words. */
    public static List<CandidateList> lists(int queries) {
        Random random = new Random(3);
        List<CandidateList> lists = new ArrayList<>();
        for (int i = 0; i < queries; i++) {
            lists.add(list(i, Kind.UNDENOISED, random));
            if (i % 3 == 0) {
                lists.add(list(i, Kind.DENOISED, random));
            }
        }
        return lists;
    }

    private static CandidateList list(int number, Kind kind, Random random) {
        String text = "query " + number + " " + WORDS[number % WORDS.length];
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(candidate(Role.POSITIVE, "p" + number, random));
        for (int i = 0; i < 2 + random.nextInt(3); i++) {
            candidates.add(candidate(Role.RETRIEVED, "n" + number + "-" + i, random));
        }
        return new CandidateList(
                QueryKey.of(text),
                new Query("q" + number, text),
                kind,
                candidates,
                CandidateList.BM25,
                1,
                Instant.ofEpochMilli(1_000_000 + number));
    }

    private static Candidate candidate(Role role, String id, Random random) {
        List<String> words = IntStream.range(0, 3 + random.nextInt(8))
                .mapToObj(i -> WORDS[random.nextInt(WORDS.length)])
                .toList();
        return new Candidate(role, new Passage(id, id, String.join(" ", words)), null, null, null);
    }

    public static TrainingSettings settings(Path initial, int checkpointEverySteps) {
        return new TrainingSettings(
                initial, "tiny", checkpointEverySteps, Duration.ofHours(1), 100, 10, 3, Compute.FLOAT32, 0);
    }

    static Training training(
            ListSource lists,
            Path store,
            TrainingRecipe recipe,
            TrainingSettings settings,
            Consumer<CheckpointSaved> announcements) {
        return new Training(
                lists,
                new Checkpoints(CheckpointStore.in(store), settings.keep(), announcements),
                () -> Promotions.NONE,
                recipe,
                settings,
                new TrainerMetrics(new SimpleMeterRegistry()),
                Clock.systemUTC(),
                update -> {});
    }
}
