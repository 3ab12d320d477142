package dev.tandem.quickstart.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.JsonLine;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A corpus on disk in the layout of the BEIR benchmark (Thakur et al., 2021): {@code corpus.jsonl} ({@code _id},
 * {@code title}, {@code text}), {@code queries.jsonl} ({@code _id}, {@code text}) and {@code qrels/train.tsv} and
 * {@code qrels/test.tsv} (query id, passage id, grade).
 *
 * <p>Lines that cannot be taken are refused one by one and counted; only a missing file stops the reading.
 */
public final class BeirDirectory implements CollectionDirectory {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_QUERY_CHARACTERS = 10_000;

    private final Path directory;

    public BeirDirectory(Path directory) {
        this.directory = directory;
    }

    /** Whether a corpus has been written here completely. */
    public boolean exists() {
        return Files.exists(directory.resolve("corpus.jsonl")) && Files.exists(testQrels());
    }

    @Override
    public Path passages() throws IOException {
        return existing("corpus.jsonl");
    }

    @Override
    public void expectQueries() throws IOException {
        existing("queries.jsonl");
        if (!Files.exists(testQrels())) {
            qrels("test");
        }
    }

    /** Whether there is any file of judgements. */
    public boolean hasJudgements() {
        return Files.isDirectory(directory.resolve("qrels"));
    }

    @Override
    public void forEachPassage(Refusals refusals, Consumer<Passage> passages) throws IOException {
        Set<String> seen = new HashSet<>();
        TextLines.of(passages(), refusals, line -> {
            JsonLine json = JsonLine.of(line);
            String id = json.id("_id");
            Passage passage = new Passage(id, json.optionalText("title").orElse(""), json.text("text"));
            if (!seen.add(id)) {
                throw new IllegalArgumentException("passage %s stands in the file already".formatted(id));
            }
            passages.accept(passage);
        });
    }

    /** Reads the passages alone into memory. */
    public Corpus readPassages(Refusals refusals) throws IOException {
        List<Passage> passages = new ArrayList<>();
        forEachPassage(refusals, passages::add);
        return new Corpus(passages, List.of(), List.of());
    }

    /**
     * Reads it all into memory. Held out are the queries of {@code test.tsv}, or of {@code dev.tsv} where there is no
     * test split; a query that stands in both is held out.
     */
    public Corpus read(Refusals refusals) throws IOException {
        return read(trainQrels(), Optional.of(testQrels()), refusals);
    }

    /**
     * Reads it all into memory, to train on the queries of one split; those of the split that is held out are held out,
     * unless it is this one or there is none.
     *
     * @throws IOException if there is no such split; the message names those there are
     */
    public Corpus read(String split, Refusals refusals) throws IOException {
        Path chosen = qrels(split);
        Optional<Path> heldOut = Optional.of(testQrels()).filter(Files::exists).filter(test -> !test.equals(chosen));
        return read(Optional.of(chosen), heldOut, refusals);
    }

    private Corpus read(Optional<Path> train, Optional<Path> heldOut, Refusals refusals) throws IOException {
        List<Passage> passages = new ArrayList<>();
        forEachPassage(refusals, passages::add);
        Set<String> passageIds = passages.stream().map(Passage::id).collect(Collectors.toSet());
        Queries queries = queries(train, heldOut, passageIds, refusals);
        return new Corpus(passages, queries.train(), queries.heldOut());
    }

    /** As {@link #read(Refusals)} splits them. The ids of all passages are in memory meanwhile. */
    @Override
    public void forEachQuery(Refusals refusals, Consumer<JudgedQuery> train, Consumer<JudgedQuery> heldOut)
            throws IOException {
        Set<String> passageIds = new HashSet<>();
        forEachPassage(new Refusals(), passage -> passageIds.add(passage.id()));
        Queries queries = queries(trainQrels(), Optional.of(testQrels()), passageIds, refusals);
        queries.heldOut().forEach(heldOut);
        queries.train().forEach(train);
    }

    private record Queries(List<JudgedQuery> train, List<JudgedQuery> heldOut) {}

    private Queries queries(Optional<Path> train, Optional<Path> heldOut, Set<String> passageIds, Refusals refusals)
            throws IOException {
        Map<String, String> texts = queries(refusals);
        List<JudgedQuery> test = heldOut.isEmpty() ? List.of() : judged(heldOut.get(), texts, passageIds, refusals);
        test.forEach(query -> texts.remove(query.id()));
        return new Queries(train.isEmpty() ? List.of() : judged(train.get(), texts, passageIds, refusals), test);
    }

    /** Texts of all queries, judged or not, by id. */
    public Map<String, String> queries(Refusals refusals) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        TextLines.of(existing("queries.jsonl"), refusals, line -> {
            JsonLine json = JsonLine.of(line);
            String text = json.text("text");
            if (text.length() > MOST_QUERY_CHARACTERS) {
                throw new IllegalArgumentException("expected a query of at most %d characters, got %d"
                        .formatted(MOST_QUERY_CHARACTERS, text.length()));
            }
            if (texts.putIfAbsent(json.id("_id"), text) != null) {
                throw new IllegalArgumentException("query %s stands in the file already".formatted(json.id("_id")));
            }
        });
        return texts;
    }

    private static List<JudgedQuery> judged(
            Path qrels, Map<String, String> texts, Set<String> passageIds, Refusals refusals) throws IOException {
        Map<String, Map<String, Integer>> grades = new LinkedHashMap<>();
        TextLines.of(qrels, refusals, line -> {
            String[] columns = line.strip().split("\t", -1);
            if (columns[0].equals("query-id")) {
                return;
            }
            if (columns.length != 3) {
                throw new IllegalArgumentException("expected query id, passage id and grade, tab-separated, got "
                        + JsonLine.shortened(line.strip()));
            }
            if (!texts.containsKey(columns[0])) {
                throw new IllegalArgumentException(
                        "query %s is not in queries.jsonl, or is held out".formatted(JsonLine.shortened(columns[0])));
            }
            if (!passageIds.contains(columns[1])) {
                throw new IllegalArgumentException(
                        "passage %s is not in corpus.jsonl".formatted(JsonLine.shortened(columns[1])));
            }
            grades.computeIfAbsent(columns[0], query -> new LinkedHashMap<>())
                    .put(columns[1], JudgedQuery.grade(columns[2]));
        });
        List<JudgedQuery> queries = new ArrayList<>();
        grades.forEach((id, judged) -> queries.add(new JudgedQuery(id, texts.get(id), judged)));
        return queries;
    }

    /** Judgements of a split, such as {@code test}. */
    public Path qrels(String split) throws IOException {
        Path file = directory.resolve("qrels").resolve(split + ".tsv");
        if (!Files.isRegularFile(file)) {
            throw new IOException("Expected judgements in %s, found no such file; there are: %s"
                    .formatted(file, String.join(", ", splits())));
        }
        return file;
    }

    private List<String> splits() throws IOException {
        Path qrels = directory.resolve("qrels");
        if (!Files.isDirectory(qrels)) {
            return List.of("none");
        }
        try (Stream<Path> files = Files.list(qrels)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".tsv"))
                    .map(name -> name.substring(0, name.length() - ".tsv".length()))
                    .sorted()
                    .toList();
        }
    }

    private Path existing(String name) throws IOException {
        Path file = directory.resolve(name);
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "Expected %s, found no such file. A corpus in BEIR layout has corpus.jsonl, queries.jsonl and qrels/test.tsv."
                            .formatted(file));
        }
        return file;
    }

    private Optional<Path> trainQrels() {
        return Optional.of(directory.resolve("qrels").resolve("train.tsv")).filter(Files::exists);
    }

    private Path testQrels() {
        Path test = directory.resolve("qrels").resolve("test.tsv");
        Path dev = directory.resolve("qrels").resolve("dev.tsv");
        return Files.exists(test) || !Files.exists(dev) ? test : dev;
    }

    /** Writes a corpus; {@code qrels/test.tsv} last, so that a half-written one is not taken for a whole one. */
    public void write(Corpus corpus) throws IOException {
        Files.createDirectories(directory.resolve("qrels"));
        Files.deleteIfExists(directory.resolve("qrels").resolve("test.tsv"));
        write(
                "corpus.jsonl",
                corpus.passages().stream().map(BeirDirectory::json).toList());
        List<JudgedQuery> queries = new ArrayList<>(corpus.train());
        queries.addAll(corpus.heldOut());
        write("queries.jsonl", queries.stream().map(BeirDirectory::json).toList());
        write("qrels/train.tsv", qrels(corpus.train()));
        write("qrels/test.tsv", qrels(corpus.heldOut()));
    }

    private void write(String name, List<String> lines) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(directory.resolve(name), UTF_8)) {
            for (String line : lines) {
                out.append(line).append('\n');
            }
        }
    }

    private static String json(Passage passage) {
        return json("_id", passage.id(), "title", passage.title(), "text", passage.text());
    }

    private static String json(JudgedQuery query) {
        return json("_id", query.id(), "text", query.text());
    }

    private static String json(String... namesAndValues) {
        Map<String, String> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        try {
            return JSON.writeValueAsString(object);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + object.get("_id"), e);
        }
    }

    private static List<String> qrels(List<JudgedQuery> queries) {
        List<String> lines = new ArrayList<>(List.of("query-id\tcorpus-id\tscore"));
        queries.forEach(query -> query.grades().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(judged -> lines.add("%s\t%s\t%d".formatted(query.id(), judged.getKey(), judged.getValue()))));
        return lines;
    }
}
