package dev.tandem.trainer.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A Python process that does the same work with PyTorch and transformers: one line of JSON asks, one line answers. It times
 * itself, so that neither the pipe nor its start counts.
 */
final class PythonPeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PROGRAM = "src/test/resources/peer/speed.py";

    private final Process process;
    private final BufferedReader answers;
    private final JsonNode versions;

    private PythonPeer(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(UTF_8);
        this.versions = answer();
    }

    /** Empty where there is no such Python, or it lacks a package; it says itself what it lacks. */
    static Optional<PythonPeer> start(int threads) {
        String python = System.getenv().getOrDefault("TANDEM_PYTHON", "python3");
        try {
            Process process = new ProcessBuilder(python, PROGRAM, Integer.toString(threads))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return Optional.of(new PythonPeer(process));
        } catch (IOException e) {
            System.out.printf(
                    "The sides in Python are skipped: %s. Set TANDEM_PYTHON to a Python with torch, transformers and"
                            + " sentence-transformers.%n",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Versions of the packages in it, by name. */
    JsonNode versions() {
        return versions;
    }

    /** Prepares a kind of work; returns once it is ready. */
    void prepare(String work, Path models, Path input, Map<String, ?> more) {
        ask(Map.of("prepare", work, "models", models.toString(), "input", input.toString(), "more", more));
    }

    /** The side that does the work prepared last. */
    Side side() {
        return round -> ask(Map.of("round", round)).path("seconds").asDouble();
    }

    /** The loss of the work done last, for comparison. */
    double loss() {
        return ask(Map.of("loss", true)).path("loss").asDouble();
    }

    private JsonNode ask(Map<String, ?> question) {
        try {
            process.outputWriter(UTF_8)
                    .append(JSON.writeValueAsString(question))
                    .append('\n')
                    .flush();
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException("Python gave no answer to %s".formatted(question), e);
        }
    }

    private JsonNode answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("Python has ended; what it said is above");
        }
        return JSON.readTree(line);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
