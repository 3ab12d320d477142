package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.Passage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossEncoderTest {
    @TempDir
    Path directory;

    @Test
    void scoresTheSameWhateverTheOrder() {
        List<QueryPassage> pairs = pairs(120);
        List<QueryPassage> reversed = new ArrayList<>(pairs);
        Collections.reverse(reversed);

        try (CrossEncoder encoder = CrossEncoder.open(EncoderFixture.random(directory, true));
                NDManager step = NDManager.newBaseManager()) {
            float[] scores = encoder.score(pairs);
            float[] backwards = encoder.score(reversed);
            float[] trained = encoder.scores_N(step, encoder.tokenize(pairs)).toFloatArray();

            assertArrayEquals(scores, trained, 1e-6f);
            for (int i = 0; i < scores.length; i++) {
                assertEquals(scores[i], backwards[scores.length - 1 - i], 1e-6f);
            }
        }
    }

    @Test
    void dropsNothingWhileItIsFrozen() {
        EncoderInit.random(
                directory,
                EncoderFixture.TOKENIZER,
                EncoderFixture.architecture(true, 0.2),
                EncoderFixture.ENCODING,
                7);
        try (CrossEncoder encoder = CrossEncoder.open(directory);
                NDManager step = NDManager.newBaseManager()) {
            float[] scores = encoder.score(pairs(12));
            float[] first =
                    encoder.frozenScores_N(step, encoder.tokenize(pairs(12))).toFloatArray();
            float[] second =
                    encoder.frozenScores_N(step, encoder.tokenize(pairs(12))).toFloatArray();

            assertArrayEquals(scores, first);
            assertArrayEquals(scores, second);
        }
    }

    @Test
    void savesAndOpensTheSameWeightsBitForBit() {
        Path copy = directory.resolve("copy");
        try (CrossEncoder before = CrossEncoder.open(EncoderFixture.random(directory, true))) {
            before.save(copy);
            try (CrossEncoder after = CrossEncoder.open(copy)) {
                assertEquals(before.parameters().names(), after.parameters().names());
                assertTrue(after.parameters().names().contains("cross-encoder.classifier.weight"));
                for (String name : before.parameters().names()) {
                    assertArrayEquals(
                            before.parameters().array(name).toFloatArray(),
                            after.parameters().array(name).toFloatArray());
                }
            }
        }
    }

    @Test
    void startsFromTheRetrieverAndComparesTokens() {
        EncoderFixture.random(directory, true);
        try (DualEncoder retriever = DualEncoder.open(directory);
                CrossEncoder encoder = CrossEncoder.open(directory)) {
            float[] scale = new float[32];
            for (int h = 0; h < scale.length; h++) {
                scale[h] = 0.5f + h / 32f;
            }
            retriever.parameters().assign("retriever.embeddings.LayerNorm.weight", scale);

            encoder.startFromRetriever(retriever, true, 3);

            for (String name : retriever.parameters().names()) {
                String trunk = name.replace("retriever.", "cross-encoder.bert.");
                if (!name.contains("layer.0.attention.self.query")
                        && !name.contains("layer.0.attention.self.key")
                        && !name.contains("token_type_embeddings")) {
                    assertArrayEquals(
                            retriever.parameters().array(name).toFloatArray(),
                            encoder.parameters().array(trunk).toFloatArray());
                }
            }
            NDArray query = encoder.parameters().array(attention("query"));
            assertArrayEquals(
                    query.toFloatArray(),
                    encoder.parameters().array(attention("key")).toFloatArray());
            NDArray types = encoder.parameters().array("cross-encoder.bert.embeddings.token_type_embeddings.weight");
            NDArray words = encoder.parameters().array("cross-encoder.bert.embeddings.word_embeddings.weight");
            try (NDArray apart = types.get(1).sub(types.get(0));
                    NDArray seen = query.matMul(apart.mul(query.getManager().create(scale)));
                    NDArray product = query.matMul(query.transpose());
                    NDArray twice =
                            product.matMul(product).sub(product.mul(1.44f)).abs()) {
                float word = (float) Math.sqrt(
                        words.mul(words).sum().getFloat() / words.getShape().get(0));
                assertEquals(word, apart.norm().getFloat(), 1e-5f, "sides are as far apart as a word is long");
                assertEquals(0f, seen.norm().getFloat(), 1e-5f, "and the comparison does not see it");
                assertEquals(0f, twice.max().getFloat(), 1e-5f, "all other directions are compared alike");
                assertEquals(1.44f * 31, query.mul(query).sum().getFloat(), 1e-4f);
            }
        }
    }

    @Test
    void canBeTrainedAfterItsStart() {
        EncoderFixture.random(directory, true);
        try (DualEncoder retriever = DualEncoder.open(directory);
                CrossEncoder encoder = CrossEncoder.open(directory);
                NDManager step = NDManager.newBaseManager()) {
            encoder.startFromRetriever(retriever, true, 3);
            System.gc(); // weights set from Java must not depend on Java's memory

            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(
                        encoder.scores_N(step, encoder.tokenize(pairs(6))).sum());
            }

            for (NDArray gradient : encoder.parameters().gradients(step)) {
                assertTrue(gradient.isNaN().any().getBoolean() == false);
            }
            NDArray gradient = encoder.parameters().array(attention("query")).getGradient();
            assertTrue(gradient.abs().sum().getFloat() > 0);
        }
    }

    private static String attention(String role) {
        return "cross-encoder.bert.encoder.layer.0.attention.self." + role + ".weight";
    }

    private static List<QueryPassage> pairs(int count) {
        List<String> queries = EncoderFixture.texts(count, 11);
        List<Passage> passages = EncoderFixture.passages(count, 12);
        List<QueryPassage> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pairs.add(new QueryPassage(queries.get(i), passages.get(i)));
        }
        return pairs;
    }
}
