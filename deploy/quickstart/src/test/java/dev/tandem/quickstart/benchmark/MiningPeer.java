package dev.tandem.quickstart.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.miner.mining.TrainingQuery;
import dev.tandem.miner.serving.Corpus;
import dev.tandem.retrieval.Passage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Python process in which {@code mine_hard_negatives} of sentence-transformers mines the same queries with the same weights, re-ranking
 * as deep; it embeds corpus and queries before the first round.
 */
final class MiningPeer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROGRAM = "src/test/resources/peer/mine.py";

    private final Process process;
    private final BufferedReader answers;

    private MiningPeer(Process process) {
        this.process = process;
        this.answers = process.inputReader(UTF_8);
    }

    /** Empty where {@code TANDEM_PYTHON} names no Python; one that lacks a package says so itself. */
    static Optional<MiningPeer> start(
            Path checkpoint, List<TrainingQuery> queries, Corpus corpus, int depth, Path directory) throws IOException {
        String python = System.getenv("TANDEM_PYTHON");
        if (python == null) {
            return Optional.empty();
        }
        List<String> pairs = new ArrayList<>();
        for (TrainingQuery query : queries) {
            String positive = query.positives().get(0);
            pairs.add(JSON.writeValueAsString(Map.of(
                    "query",
                    query.query().text(),
                    "positive",
                    text(corpus.find(positive).orElseThrow()))));
        }
        List<String> texts = new ArrayList<>();
        for (Passage passage : corpus.passages()) {
            texts.add(JSON.writeValueAsString(text(passage)));
        }
        Process process = new ProcessBuilder(
                        python,
                        PROGRAM,
                        checkpoint.toString(),
                        Files.write(directory.resolve("queries.jsonl"), pairs).toString(),
                        Files.write(directory.resolve("corpus.jsonl"), texts).toString(),
                        Integer.toString(depth),
                        Integer.toString(Runtime.getRuntime().availableProcessors()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        MiningPeer peer = new MiningPeer(process);
        try {
            peer.answer();
            return Optional.of(peer);
        } catch (IOException e) {
            peer.close();
            throw e;
        }
    }

    private static String text(Passage passage) {
        return (passage.title() + " " + passage.text()).strip();
    }

    /** Mines all queries once; returns the number of lists. */
    int mine() {
        try {
            process.outputWriter(UTF_8).append('\n').flush();
            return Integer.parseInt(answer());
        } catch (IOException e) {
            throw new UncheckedIOException("Python gave no answer", e);
        }
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Python has ended; what it said is above");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
    }
}
