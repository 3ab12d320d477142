package dev.tandem.trainer.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.index.Bm25Index;
import dev.tandem.trainer.batch.Example;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Passages, training queries and what they ask for, of a directory in BEIR layout. */
final class BeirTexts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Passage> passages = new LinkedHashMap<>();
    private final Map<String, Query> queries = new LinkedHashMap<>();
    private final Map<String, Set<String>> positives = new LinkedHashMap<>();

    BeirTexts(Path directory) throws IOException {
        for (JsonNode line : lines(directory.resolve("corpus.jsonl"))) {
            String id = line.path("_id").asText();
            passages.put(
                    id,
                    new Passage(
                            id, line.path("title").asText(), line.path("text").asText()));
        }
        for (JsonNode line : lines(directory.resolve("queries.jsonl"))) {
            String id = line.path("_id").asText();
            queries.put(id, new Query(id, line.path("text").asText()));
        }
        for (String line : Files.readAllLines(directory.resolve("qrels/train.tsv"))) {
            String[] columns = line.strip().split("\t", -1);
            if (queries.containsKey(columns[0]) && passages.containsKey(columns[1]) && !columns[2].equals("0")) {
                positives
                        .computeIfAbsent(columns[0], id -> new LinkedHashSet<>())
                        .add(columns[1]);
            }
        }
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    List<Passage> passages() {
        return List.copyOf(passages.values());
    }

    Stream<String> all() {
        return Stream.concat(
                queries.values().stream().map(Query::text),
                passages.values().stream().flatMap(passage -> Stream.of(passage.title(), passage.text())));
    }

    /** Steps of so many lists: a positive first, then what BM25 ranks highest among the others. */
    List<List<Example>> steps(int steps, int lists, int length) {
        List<List<Example>> mined = new ArrayList<>();
        try (Bm25Index index = new Bm25Index()) {
            passages.values().forEach(index::put);
            List<String> asking = List.copyOf(positives.keySet());
            for (int step = 0; step < steps; step++) {
                List<Example> examples = new ArrayList<>();
                for (int list = 0; list < lists; list++) {
                    examples.add(example(asking.get((step * lists + list) % asking.size()), length, index));
                }
                mined.add(examples);
            }
        }
        return mined;
    }

    private Example example(String queryId, int length, Bm25Index index) {
        Query query = queries.get(queryId);
        Set<String> relevant = positives.get(queryId);
        Set<String> chosen = new LinkedHashSet<>();
        chosen.add(relevant.iterator().next());
        Stream.concat(index.search(query.text(), 2 * length).passageIds().stream(), passages.keySet().stream())
                .filter(id -> !relevant.contains(id))
                .takeWhile(id -> chosen.size() < length)
                .forEach(chosen::add);
        return new Example(query, chosen.stream().map(passages::get).toList(), relevant, true);
    }
}
