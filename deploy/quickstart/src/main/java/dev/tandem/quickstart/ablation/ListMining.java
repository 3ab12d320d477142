package dev.tandem.quickstart.ablation;

import dev.tandem.miner.mining.CandidateListMiner;
import dev.tandem.miner.mining.MiningSettings;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.miner.serving.Retriever;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.QueryKey;
import dev.tandem.retrieval.line.CandidateListLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Mines lists by the miner's own code, and keeps them in files. */
final class ListMining {
    private static final int QUERIES_PER_CALL = 32;

    private final Corpus corpus = new Corpus();
    private final List<TrainingQuery> queries;
    private final Consumer<String> progress;

    /**
     * @param progress told how far mining is
     */
    ListMining(List<Passage> passages, List<JudgedQuery> train, Consumer<String> progress) {
        passages.forEach(corpus::put);
        this.queries = trainingQueries(train);
        this.progress = progress;
    }

    /** One for each text: labels of a query that was asked twice are taken together. */
    private static List<TrainingQuery> trainingQueries(List<JudgedQuery> train) {
        Map<QueryKey, JudgedQuery> byKey = new LinkedHashMap<>();
        for (JudgedQuery query : train) {
            byKey.merge(QueryKey.of(query.text()), query, (one, other) -> {
                Map<String, Integer> grades = new LinkedHashMap<>(one.grades());
                other.grades().forEach((passage, grade) -> grades.merge(passage, grade, Math::max));
                return new JudgedQuery(one.id(), one.text(), grades);
            });
        }
        List<TrainingQuery> queries = new ArrayList<>();
        byKey.forEach((key, query) -> queries.add(new TrainingQuery(
                key, new Query(query.id(), query.text()), graded(query, true), graded(query, false), Instant.EPOCH)));
        return queries;
    }

    private static List<String> graded(JudgedQuery query, boolean relevant) {
        return query.grades().entrySet().stream()
                .filter(judged -> (judged.getValue() >= 1) == relevant)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Mines the lists of each kind into a file of its own.
     *
     * @param most queries at most, drawn by the seed
     * @param files by kind; whole ones or none
     */
    void mine(Retriever retriever, MiningSettings settings, int most, Map<Kind, Path> files) throws IOException {
        List<TrainingQuery> chosen = new ArrayList<>(queries);
        Collections.shuffle(chosen, new Random(settings.seed()));
        chosen = chosen.subList(0, Math.min(most, chosen.size()));
        CandidateListMiner miner = new CandidateListMiner(settings);
        Map<Kind, List<String>> lines = new LinkedHashMap<>();
        files.keySet().forEach(kind -> lines.put(kind, new ArrayList<>()));
        for (int from = 0; from < chosen.size(); from += QUERIES_PER_CALL) {
            int to = Math.min(chosen.size(), from + QUERIES_PER_CALL);
            for (CandidateList list : miner.mine(retriever, corpus, chosen.subList(from, to))) {
                if (lines.containsKey(list.kind())) {
                    lines.get(list.kind()).add(CandidateListLine.write(list));
                }
            }
            progress.accept("mining lists of %d with %s: %d of %d queries"
                    .formatted(settings.listLength(), retriever.id(), to, chosen.size()));
        }
        for (Map.Entry<Kind, Path> file : files.entrySet()) {
            write(file.getValue(), lines.get(file.getKey()));
        }
    }

    private static void write(Path file, List<String> lines) throws IOException {
        Files.createDirectories(file.getParent());
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try (BufferedWriter out = Files.newBufferedWriter(aside)) {
            for (String line : lines) {
                out.append(line).append('\n');
            }
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
