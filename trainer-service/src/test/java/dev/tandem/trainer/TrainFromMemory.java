package dev.tandem.trainer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.QueryPassage;
import dev.tandem.retrieval.index.Bm25Index;
import dev.tandem.retrieval.index.ExactIndex;
import dev.tandem.trainer.recipe.TrainingRecipe;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Trains on a BEIR directory without a broker and measures every checkpoint on its test queries: the very loop of the
 * service, for tuning a recipe.
 *
 * <pre>
 * TrainFromMemory CORPUS INITIAL STORE RECIPE.properties [trainer.key=value ...] [measure=no]
 * </pre>
 *
 * Lists are mined with BM25 first, then with each checkpoint that ends a stage, from ranks 2 to 100.
 */
public final class TrainFromMemory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int DEPTH = 100;
    private static final int RERANKED = 50;
    private static final int LENGTH = 8;

    private final Map<String, Passage> passages = new LinkedHashMap<>();
    private final Map<String, Query> queries = new LinkedHashMap<>();
    private final Map<String, Set<String>> trainPositives = new LinkedHashMap<>();
    private final Map<String, Set<String>> testPositives = new LinkedHashMap<>();
    private final CheckpointStore store;
    private final MemoryLists lists = new MemoryLists(List.of());
    private final long began = System.nanoTime();
    private final boolean measuring;

    private TrainFromMemory(Path corpus, Path store, boolean measuring) throws IOException {
        this.measuring = measuring;
        for (String line : Files.readAllLines(corpus.resolve("corpus.jsonl"))) {
            JsonNode json = JSON.readTree(line);
            String id = json.get("_id").asText();
            passages.put(
                    id,
                    new Passage(
                            id, json.path("title").asText(), json.get("text").asText()));
        }
        for (String line : Files.readAllLines(corpus.resolve("queries.jsonl"))) {
            JsonNode json = JSON.readTree(line);
            String id = json.get("_id").asText();
            queries.put(id, new Query(id, json.get("text").asText()));
        }
        qrels(corpus.resolve("qrels/train.tsv"), trainPositives);
        qrels(corpus.resolve("qrels/test.tsv"), testPositives);
        this.store = CheckpointStore.in(store);
    }

    private static void qrels(Path file, Map<String, Set<String>> positives) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] columns = line.split("\t", -1);
            if (!columns[0].equals("query-id") && Integer.parseInt(columns[2].strip()) > 0) {
                positives.computeIfAbsent(columns[0], id -> new TreeSet<>()).add(columns[1]);
            }
        }
    }

    public static void main(String[] arguments) throws IOException {
        boolean measuring = !List.of(arguments).contains("measure=no");
        TrainFromMemory program = new TrainFromMemory(Path.of(arguments[0]), Path.of(arguments[2]), measuring);
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(Path.of(arguments[3]))) {
            properties.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        for (int i = 4; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        settings.keySet().removeIf(key -> !key.startsWith("trainer."));
        settings.put("trainer.init", arguments[1]);
        program.train(TrainerConfig.of(settings));
    }

    private void train(TrainerConfig config) {
        mineWithBm25();
        TrainingRecipe recipe = config.recipe().asRecipe();
        say("recipe " + recipe);
        new Training(
                        lists,
                        new Checkpoints(store, config.keep(), this::saved),
                        () -> Promotions.NONE,
                        recipe,
                        config.asSettings(System.currentTimeMillis()),
                        new TrainerMetrics(new SimpleMeterRegistry()),
                        Clock.systemUTC(),
                        this::tell)
                .run();
    }

    private void tell(Update update) {
        if (update.stageStep() % 25 == 0) {
            say("step %d %s loss %.3f"
                    .formatted(update.step(), update.stage(), update.losses().total()));
        }
    }

    private void mineWithBm25() {
        Map<String, Ranking> rankings = new HashMap<>();
        try (Bm25Index index = new Bm25Index()) {
            passages.values().forEach(index::put);
            trainPositives
                    .keySet()
                    .forEach(id -> rankings.put(id, index.search(queries.get(id).text(), DEPTH)));
        }
        mined(CandidateList.BM25, rankings);
    }

    private void mined(String by, Map<String, Ranking> rankings) {
        SplittableRandom random = new SplittableRandom(by.hashCode());
        List<CandidateList> mined = new ArrayList<>();
        trainPositives.forEach((id, positives) -> {
            List<String> negatives = new ArrayList<>(rankings.get(id).passageIds());
            negatives.removeAll(positives);
            List<Candidate> candidates = new ArrayList<>();
            List<String> own = new ArrayList<>(positives);
            candidates.add(candidate(Candidate.Role.POSITIVE, own.get(random.nextInt(own.size()))));
            while (candidates.size() < LENGTH && !negatives.isEmpty()) {
                candidates.add(candidate(Candidate.Role.RETRIEVED, negatives.remove(random.nextInt(negatives.size()))));
            }
            if (candidates.size() > 1) {
                mined.add(new CandidateList(
                        QueryKey.of(queries.get(id).text()),
                        queries.get(id),
                        CandidateList.Kind.UNDENOISED,
                        candidates,
                        by,
                        1,
                        Instant.EPOCH));
            }
        });
        lists.add(mined);
        say("mined %d lists with %s".formatted(mined.size(), by));
    }

    private Candidate candidate(Candidate.Role role, String id) {
        return new Candidate(role, passages.get(id), null, null, null);
    }

    private void saved(CheckpointSaved checkpoint) {
        say("saved " + checkpoint.getId());
        if (!measuring) {
            return;
        }
        long paused = System.nanoTime();
        Path directory = Path.of(store.uri(checkpoint.getId()));
        try (DualEncoder retriever = DualEncoder.open(directory)) {
            float[][] embeddings = retriever.encodePassages(List.copyOf(passages.values()));
            ExactIndex index = ExactIndex.of(List.copyOf(passages.keySet()), embeddings);
            List<String> ids = List.copyOf(testPositives.keySet());
            List<Ranking> rankings = search(retriever, index, ids, RERANKED);
            String measured = "step %d %s retriever mrr@10 %.4f"
                    .formatted(checkpoint.getStep(), checkpoint.getStage(), mrr(ids, rankings));
            if (checkpoint.getRerankerTrained()) {
                try (CrossEncoder reranker = CrossEncoder.open(directory)) {
                    measured += " reranker mrr@10 %.4f".formatted(mrr(ids, reranked(reranker, ids, rankings)));
                }
            }
            say(measured + " (measuring took %d s)".formatted((System.nanoTime() - paused) / 1_000_000_000));
            remine(checkpoint, retriever, index);
        }
    }

    private void remine(CheckpointSaved checkpoint, DualEncoder retriever, ExactIndex index) {
        List<String> ids = List.copyOf(trainPositives.keySet());
        List<Ranking> rankings = search(retriever, index, ids, DEPTH);
        Map<String, Ranking> byQuery = new HashMap<>();
        IntStream.range(0, ids.size()).forEach(i -> byQuery.put(ids.get(i), rankings.get(i)));
        mined(checkpoint.getId(), byQuery);
    }

    private List<Ranking> search(DualEncoder retriever, ExactIndex index, List<String> ids, int depth) {
        return index.search(
                retriever.encodeQueries(
                        ids.stream().map(id -> queries.get(id).text()).toList()),
                depth);
    }

    private List<Ranking> reranked(CrossEncoder reranker, List<String> ids, List<Ranking> rankings) {
        List<QueryPassage> pairs = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String text = queries.get(ids.get(i)).text();
            rankings.get(i).passageIds().forEach(id -> pairs.add(new QueryPassage(text, passages.get(id))));
        }
        float[] scores = reranker.score(pairs);
        List<Ranking> reranked = new ArrayList<>();
        int next = 0;
        for (Ranking ranking : rankings) {
            List<Ranking.Hit> hits = new ArrayList<>();
            for (String id : ranking.passageIds()) {
                hits.add(new Ranking.Hit(id, scores[next++]));
            }
            hits.sort(Comparator.comparingDouble(Ranking.Hit::score).reversed());
            reranked.add(new Ranking(hits));
        }
        return reranked;
    }

    private double mrr(List<String> ids, List<Ranking> rankings) {
        double sum = 0;
        for (int i = 0; i < ids.size(); i++) {
            List<String> top = rankings.get(i).top(10).passageIds();
            for (int rank = 0; rank < top.size(); rank++) {
                if (testPositives.get(ids.get(i)).contains(top.get(rank))) {
                    sum += 1.0 / (rank + 1);
                    break;
                }
            }
        }
        return sum / ids.size();
    }

    private static double processorSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toMillis()
                / 1000.0;
    }

    private void say(String what) {
        System.out.printf(
                "[%4d s, %4.0f s of processor time] %s%n",
                (System.nanoTime() - began) / 1_000_000_000, processorSeconds(), what);
    }
}
