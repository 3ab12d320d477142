package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.token.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DualEncoderTest {
    @TempDir
    Path directory;

    @Test
    void encodesTheSameWhateverTheOrderAndCompany() {
        List<Passage> passages = EncoderFixture.passages(300, 1);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < passages.size(); i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(2));

        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true))) {
            float[][] together = encoder.encodePassages(passages);
            float[][] shuffled =
                    encoder.encodePassages(order.stream().map(passages::get).toList());
            for (int i = 0; i < order.size(); i++) {
                assertArrayEquals(together[order.get(i)], shuffled[i], 1e-6f);
            }
            for (int i = 0; i < passages.size(); i += 60) {
                assertArrayEquals(together[i], encoder.encodePassages(List.of(passages.get(i)))[0], 1e-6f);
            }
        }
    }

    @Test
    void embeddingsHaveLengthOneUnderCosine() {
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true))) {
            for (float[] embedding : encoder.encodeQueries(List.of("root schema", "", "the"))) {
                double squares = 0;
                for (float x : embedding) {
                    squares += x * x;
                }
                assertEquals(32, embedding.length);
                assertEquals(1, squares, 1e-5);
            }
        }
    }

    @Test
    void trainingForwardEqualsInference() {
        List<String> texts = EncoderFixture.texts(20, 3);
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, false));
                NDManager step = NDManager.newBaseManager()) {
            float[][] expected = encoder.encodeQueries(texts);

            NDArray embeddings_BD = encoder.queries_BD(step, encoder.tokenizeQueries(texts));

            for (int i = 0; i < texts.size(); i++) {
                assertArrayEquals(expected[i], embeddings_BD.get(i).toFloatArray(), 1e-6f);
            }
        }
    }

    @Test
    void gradientsEqualFiniteDifferences() {
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true));
                NDManager step = NDManager.newBaseManager()) {
            List<TokenIds> queries = encoder.tokenizeQueries(EncoderFixture.texts(4, 5));
            List<TokenIds> passages = encoder.tokenizePassages(EncoderFixture.passages(4, 6));
            String name = "retriever.encoder.layer.1.output.dense.bias";
            float[] values = encoder.parameters().array(name).toFloatArray();

            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(score(encoder, step, queries, passages));
            }
            float[] gradient = encoder.parameters().array(name).getGradient().toFloatArray();

            for (int j = 0; j < 3; j++) {
                double higher = scoreAt(encoder, step, queries, passages, name, values, j, 0.02f);
                double lower = scoreAt(encoder, step, queries, passages, name, values, j, -0.02f);
                assertEquals((higher - lower) / 0.04, gradient[j], 2e-3);
            }
        }
    }

    private static double scoreAt(
            DualEncoder encoder,
            NDManager step,
            List<TokenIds> queries,
            List<TokenIds> passages,
            String name,
            float[] values,
            int index,
            float change) {
        float[] moved = values.clone();
        moved[index] += change;
        encoder.parameters().assign(name, moved);
        double score = score(encoder, step, queries, passages).getFloat();
        encoder.parameters().assign(name, values);
        return score;
    }

    /** Sum of the scores of queries and passages at the same place. */
    private static NDArray score(DualEncoder encoder, NDManager step, List<TokenIds> queries, List<TokenIds> passages) {
        NDArray queries_BD = encoder.queries_BD(step, queries);
        NDArray passages_BD = encoder.passages_ND(step, passages);
        return queries_BD.mul(passages_BD).sum();
    }

    @Test
    void gradientsDoNotDependOnHowTheBatchIsCut() {
        List<Passage> passages = EncoderFixture.passages(200, 6);
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true))) {
            float[][] whole = gradients(encoder, List.of(passages));
            List<List<Passage>> parts = IntStream.range(0, 20)
                    .mapToObj(i -> passages.subList(10 * i, 10 * i + 10))
                    .toList();
            float[][] summed = gradients(encoder, parts);

            for (int i = 0; i < whole.length; i++) {
                float largest = 0;
                for (float x : whole[i]) {
                    largest = Math.max(largest, Math.abs(x));
                }
                assertArrayEquals(whole[i], summed[i], 1e-4f * largest + 1e-5f);
            }
        }
    }

    /** Of the sum over the first column, accumulated over micro-batches. */
    private static float[][] gradients(DualEncoder encoder, List<List<Passage>> microBatches) {
        try (NDManager step = NDManager.newBaseManager()) {
            for (List<Passage> microBatch : microBatches) {
                try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                    NDArray passages_ND = encoder.passages_ND(step, encoder.tokenizePassages(microBatch));
                    collector.backward(passages_ND.get(":, 0").sum());
                }
            }
            NDList gradients = encoder.parameters().gradients(step);
            float[][] values = gradients.stream().map(NDArray::toFloatArray).toArray(float[][]::new);
            gradients.forEach(gradient -> gradient.subi(gradient));
            return values;
        }
    }

    @Test
    void savesAndOpensTheSameWeightsBitForBit() throws IOException {
        for (boolean tied : new boolean[] {true, false}) {
            Path first = directory.resolve("first-" + tied);
            Path second = directory.resolve("second-" + tied);
            try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(first, tied))) {
                encoder.save(second);
            }

            try (DualEncoder before = DualEncoder.open(first);
                    DualEncoder after = DualEncoder.open(second)) {
                assertEquals(before.parameters().names(), after.parameters().names());
                assertEquals(tied ? 37 : 74, after.parameters().size());
                for (String name : before.parameters().names()) {
                    assertArrayEquals(
                            before.parameters().array(name).toFloatArray(),
                            after.parameters().array(name).toFloatArray());
                }
            }
            Path model = tied ? Path.of("retriever") : Path.of("passage-encoder");
            for (String file : List.of("model.safetensors", "config.json", "tokenizer.json", "vocab.txt")) {
                Path relative = model.resolve(file);
                assertEquals(-1, Files.mismatch(first.resolve(relative), second.resolve(relative)));
            }
            assertTrue(Files.isRegularFile(second.resolve(model).resolve("1_Pooling/config.json")));
        }
    }

    @Test
    void namesItsParametersByDirectory() {
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true))) {
            assertTrue(encoder.isTied());
            assertEquals(32, encoder.dimension());
            assertEquals(
                    "retriever.embeddings.word_embeddings.weight",
                    encoder.parameters().names().get(0));
        }
    }

    @Test
    void aStepLeavesNothingBehind() {
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true));
                NDManager root = NDManager.newBaseManager()) {
            List<TokenIds> queries = encoder.tokenizeQueries(EncoderFixture.texts(8, 9));
            root.cap();
            for (int i = 0; i < 200; i++) {
                int shown = 1 + i % queries.size();
                try (NDManager step = root.newSubManager()) {
                    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                        NDArray embeddings_BD = encoder.queries_BD(step, queries.subList(0, shown));
                        collector.backward(embeddings_BD.sum());
                    }
                    NDList gradients = encoder.parameters().gradients(step);
                    gradients.forEach(gradient -> gradient.subi(gradient));
                }
                encoder.encodeQueries(List.of("root schema"));
            }
            NDManager owner = encoder.parameters().arrays().get(0).getManager();
            assertEquals(encoder.parameters().size(), owner.getManagedArrays().size());
            assertTrue(root.getManagedArrays().isEmpty());
        }
    }

    @Test
    void dropoutFollowsTheEnginesSeedAndLeavesInferenceAlone() {
        EncoderInit.random(
                directory,
                EncoderFixture.TOKENIZER,
                EncoderFixture.architecture(true, 0.3),
                EncoderFixture.ENCODING,
                7);
        try (DualEncoder encoder = DualEncoder.open(directory);
                NDManager step = NDManager.newBaseManager()) {
            List<TokenIds> queries = encoder.tokenizeQueries(EncoderFixture.texts(8, 4));

            float[] first = seededForward(encoder, step, queries, 1);
            float[] again = seededForward(encoder, step, queries, 1);
            float[] other = seededForward(encoder, step, queries, 2);

            assertArrayEquals(first, again);
            assertFalse(Arrays.equals(first, other));
            assertArrayEquals(
                    encoder.encodeQueries(List.of("root schema"))[0], encoder.encodeQueries(List.of("root schema"))[0]);
        }
    }

    private static float[] seededForward(DualEncoder encoder, NDManager step, List<TokenIds> queries, int seed) {
        Engine.getInstance().setRandomSeed(seed);
        return encoder.queries_BD(step, queries).toFloatArray();
    }

    @Test
    void manyThreadsMayEncodeAtOnce() {
        List<Passage> passages = EncoderFixture.passages(40, 8);
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true))) {
            float[][] expected = encoder.encodePassages(passages);

            List<float[][]> found = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(i -> encoder.encodePassages(passages))
                    .toList();

            for (float[][] embeddings : found) {
                for (int i = 0; i < expected.length; i++) {
                    assertArrayEquals(expected[i], embeddings[i], 1e-6f);
                }
            }
        }
    }

    @Test
    void closingWaitsForCallsUnderWayAndRefusesLaterOnes() throws InterruptedException {
        DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true));
        CountDownLatch started = new CountDownLatch(3);
        AtomicInteger refused = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 3)
                .mapToObj(seed -> new Thread(() -> encodeUntilRefused(encoder, seed, started, refused)))
                .toList();
        threads.forEach(Thread::start);
        started.await();

        encoder.close();
        encoder.close();

        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(3, refused.get());
    }

    private static void encodeUntilRefused(
            DualEncoder encoder, int seed, CountDownLatch started, AtomicInteger refused) {
        try {
            for (int i = 0; i < 10_000; i++) {
                encoder.encodePassages(EncoderFixture.passages(8, 100L * seed + i));
                started.countDown();
            }
        } catch (IllegalStateException e) {
            refused.incrementAndGet();
        }
    }

    @Test
    void refusesLengthsTheModelCannotTake() {
        EncoderFixture.random(directory, true);
        new EncodingConfig(16, 65, 48, Pooling.CLS, Similarity.DOT, 1).write(directory);

        var refusal = assertThrows(InvalidModelException.class, () -> DualEncoder.open(directory));

        assertTrue(refusal.getMessage().contains("takes 64 tokens, but encoding.json asks for 65"));
    }

    @Test
    void refusesAnEmptyMicroBatch() {
        try (DualEncoder encoder = DualEncoder.open(EncoderFixture.random(directory, true));
                NDManager step = NDManager.newBaseManager()) {
            assertEquals(0, encoder.encodeQueries(List.of()).length);
            assertThrows(IllegalArgumentException.class, () -> encoder.queries_BD(step, List.of()));
            assertFalse(Files.exists(directory.resolve("query-encoder")));
        }
    }
}
