package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.encoder.EncoderInit.Architecture;
import dev.tandem.retrieval.token.WordPieceTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What we save opens in sentence-transformers and transformers unchanged and gives the same numbers. Needs a Python that has
 * them, named by the environment variable TANDEM_PYTHON; skipped without.
 */
class SentenceTransformersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PYTHON = System.getenv("TANDEM_PYTHON");
    private static final EncodingConfig CLS_DOT = new EncodingConfig(64, 64, 128, Pooling.CLS, Similarity.DOT, 1);

    @TempDir
    Path directory;

    private final List<String> queries = new ArrayList<>();
    private final List<Passage> passages = new ArrayList<>();

    @BeforeEach
    void requirePython() {
        assumeTrue(PYTHON != null, "TANDEM_PYTHON names no Python with sentence-transformers");
    }

    @Test
    void agreesOnATrainedModel() throws Exception {
        readTexts();
        EncoderInit.fromHuggingFace(directory, Path.of("src/test/resources/golden/init/cross-encoder"), CLS_DOT, 1);

        assertAgreement(directory);
    }

    @Test
    void agreesOnATokenizerOfOurOwn() throws Exception {
        readTexts();
        Path tokenizer = directory.resolve("tokenizer.json");
        WordPieceTrainer.train(Stream.concat(queries.stream(), passages.stream().map(Passage::text)), 600, tokenizer);
        EncodingConfig encoding = new EncodingConfig(64, 64, 128, Pooling.MEAN, Similarity.COSINE, 0.1);
        EncoderInit.random(directory, tokenizer, new Architecture(64, 2, 4, 128, 128, 0, true), encoding, 1);

        assertAgreement(directory);
    }

    @Test
    void agreesOnEveryFamilyAndOnItsBrainFloats() throws Exception {
        EncoderFixture.texts(1000, 3).stream()
                .filter(text -> text.length() < 60)
                .limit(100)
                .forEach(queries::add);
        queries.forEach(query -> passages.add(new Passage("p", query.substring(query.length() / 2), query)));
        List<Path> checkpoints = new ArrayList<>();
        for (Family family : Family.values()) {
            Path checkpoint = directory.resolve(family.modelType());
            EncoderInit.fromHuggingFace(checkpoint, EncoderFixture.FAMILIES.resolve(family.modelType()), CLS_DOT, 1);
            checkpoints.add(checkpoint);
            checkpoints.add(exportBrainFloats(checkpoint));
        }

        assertEquals(100, queries.size());
        assertAgreement(checkpoints.toArray(Path[]::new));
    }

    private void readTexts() throws IOException {
        JsonNode cases = JSON.readTree(
                Path.of("src/test/resources/golden/tokenizer/cases.json").toFile());
        for (JsonNode golden : cases.path("cases")) {
            if (!golden.path("expect_cross").has("error")) {
                queries.add(golden.path("query").asText());
                passages.add(new Passage(
                        "p" + passages.size(),
                        golden.path("title").asText(),
                        golden.path("text").asText()));
            }
        }
        queries.addAll(EncoderFixture.texts(72, 1));
        passages.addAll(EncoderFixture.passages(72, 2));
    }

    private static Path exportBrainFloats(Path checkpoint) {
        Path export = checkpoint.resolveSibling(checkpoint.getFileName() + "-bf16");
        try (DualEncoder retriever = DualEncoder.open(checkpoint);
                CrossEncoder reranker = CrossEncoder.open(checkpoint)) {
            retriever.save(export, StoredType.BF16);
            reranker.save(export, StoredType.BF16);
        }
        return export;
    }

    private void assertAgreement(Path... checkpoints) throws Exception {
        JsonNode peer = encodeInPython(checkpoints);
        for (Path checkpoint : checkpoints) {
            try (DualEncoder retriever = DualEncoder.open(checkpoint);
                    CrossEncoder reranker = CrossEncoder.open(checkpoint)) {
                assertEqual(peer.path(checkpoint.toString()), retriever, reranker);
            }
        }
    }

    private void assertEqual(JsonNode peer, DualEncoder retriever, CrossEncoder reranker) {
        boolean cosine = retriever.encoding().similarity() == Similarity.COSINE;
        assertEquals(cosine ? "cosine" : "dot", peer.path("similarity").asText());
        float[][] embeddedQueries = retriever.encodeQueries(queries);
        float[][] embeddedPassages = retriever.encodePassages(passages);
        List<QueryPassage> pairs = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            assertArrayEquals(floats(peer.path("queries").get(i)), embeddedQueries[i], 1e-5f);
            assertArrayEquals(floats(peer.path("passages").get(i)), embeddedPassages[i], 1e-5f);
            if (!cosine) {
                assertArrayEquals(floats(peer.path("firstTokens").get(i)), embeddedQueries[i], 1e-5f);
            }
            pairs.add(new QueryPassage(queries.get(i), passages.get(i)));
        }
        assertArrayEquals(floats(peer.path("scores")), reranker.score(pairs), 1e-5f);
    }

    private JsonNode encodeInPython(Path... checkpoints) throws IOException, InterruptedException {
        Path texts = directory.resolve("texts.json");
        Path result = directory.resolve("result.json");
        Path log = directory.resolve("log");
        List<List<String>> pairs = passages.stream()
                .map(passage -> List.of(passage.title(), passage.text()))
                .toList();
        JSON.writeValue(texts.toFile(), Map.of("queries", queries, "passages", pairs, "longest", 64));
        List<String> command = new ArrayList<>(
                List.of(PYTHON, "src/test/resources/peer/encode.py", texts.toString(), result.toString()));
        Stream.of(checkpoints).map(Path::toString).forEach(command::add);
        Process python = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = python.waitFor(5, TimeUnit.MINUTES);
        python.destroyForcibly();
        assertEquals(0, ended ? python.exitValue() : -1, () -> text(log));
        return JSON.readTree(result.toFile());
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private static float[] floats(JsonNode numbers) {
        float[] floats = new float[numbers.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers.get(i).asDouble();
        }
        return floats;
    }
}
