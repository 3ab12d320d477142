package dev.tandem.quickstart.corpus;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A corpus on disk in the layout of MS MARCO passage ranking (Nguyen et al., 2016): {@code collection.tsv} (id, text),
 * {@code queries.*.tsv} (id, text) and {@code qrels.*.tsv} (query id, 0, passage id, grade).
 *
 * <p>Lines that cannot be taken are refused one by one and counted; only a missing file stops the reading. Passages are read
 * one by one: the 8.8 million of the original do not have to fit into memory. The judgements do.
 */
public final class MsMarcoDirectory implements CollectionDirectory {
    private static final String TRAIN = "train";

    private final Path directory;

    public MsMarcoDirectory(Path directory) {
        this.directory = directory;
    }

    /** Whether there are passages in this layout. */
    public boolean exists() {
        return Files.exists(passages());
    }

    @Override
    public Path passages() {
        return directory.resolve("collection.tsv");
    }

    @Override
    public void expectQueries() throws IOException {
        for (String split : splits()) {
            existing("queries.%s.tsv".formatted(split));
        }
    }

    @Override
    public void forEachPassage(Refusals refusals, Consumer<Passage> passages) throws IOException {
        TextLines.of(existing("collection.tsv"), refusals, line -> {
            String[] columns = idAndText(line);
            passages.accept(new Passage(columns[0], "", columns[1]));
        });
    }

    /**
     * Hands the judged queries on: those of {@code qrels.train.tsv} to train on, those of every other {@code qrels.*.tsv}
     * held out. A query that stands in both is held out; one that stands in several of those comes once, with the judgements
     * of the first.
     */
    @Override
    public void forEachQuery(Refusals refusals, Consumer<JudgedQuery> train, Consumer<JudgedQuery> heldOut)
            throws IOException {
        Set<String> seen = new HashSet<>();
        for (String split : splits()) {
            Consumer<JudgedQuery> taker = split.equals(TRAIN) ? train : heldOut;
            Map<String, Map<String, Integer>> grades = grades("qrels.%s.tsv".formatted(split), refusals);
            TextLines.of(existing("queries.%s.tsv".formatted(split)), refusals, line -> {
                String[] columns = idAndText(line);
                Map<String, Integer> judged = grades.remove(columns[0]);
                if (judged != null && seen.add(columns[0])) {
                    taker.accept(new JudgedQuery(columns[0], columns[1], judged));
                }
            });
            for (String queryId : grades.keySet()) {
                refusals.add(
                        "qrels.%s.tsv".formatted(split),
                        1,
                        grades.get(queryId).size(),
                        "expected query %s in queries.%s.tsv, found none".formatted(queryId, split));
            }
        }
    }

    /** Held-out ones first. */
    private List<String> splits() throws IOException {
        List<String> splits = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("qrels\\..+\\.tsv"))
                    .map(name -> name.substring("qrels.".length(), name.length() - ".tsv".length()))
                    .sorted()
                    .forEach(splits::add);
        }
        if (splits.isEmpty()) {
            throw new NoSuchFileException(directory.resolve("qrels.train.tsv").toString());
        }
        if (splits.remove(TRAIN)) {
            splits.add(TRAIN);
        }
        return splits;
    }

    private Map<String, Map<String, Integer>> grades(String name, Refusals refusals) throws IOException {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        TextLines.of(existing(name), refusals, line -> {
            String[] columns = line.strip().split("[ \t]+", -1);
            if (columns.length != 4) {
                throw new IllegalArgumentException("expected query id, 0, passage id and grade, tab-separated, got "
                        + JsonLine.shortened(line.strip()));
            }
            grades.computeIfAbsent(id(columns[0]), query -> new LinkedHashMap<>())
                    .put(id(columns[2]), JudgedQuery.grade(columns[3]));
        });
        return grades;
    }

    private static String[] idAndText(String line) {
        String[] columns = line.strip().split("\t", 2);
        if (columns.length != 2 || columns[1].isBlank()) {
            throw new IllegalArgumentException(
                    "expected id and text, tab-separated, got " + JsonLine.shortened(line.strip()));
        }
        return new String[] {id(columns[0]), columns[1].strip()};
    }

    private static String id(String text) {
        String id = text.strip();
        if (id.isEmpty() || id.length() > JsonLine.LONGEST_ID) {
            throw new IllegalArgumentException("expected an id of 1 to %d characters, got %s"
                    .formatted(JsonLine.LONGEST_ID, JsonLine.shortened(text)));
        }
        return id;
    }

    private Path existing(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return file;
    }
}
