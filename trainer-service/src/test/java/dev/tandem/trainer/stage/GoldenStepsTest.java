package dev.tandem.trainer.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.Parameters;
import dev.tandem.retrieval.encoder.Precision;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.recipe.Distillation;
import dev.tandem.trainer.recipe.Joint;
import dev.tandem.trainer.recipe.Optimizer;
import dev.tandem.trainer.recipe.RerankerWarmUp;
import dev.tandem.trainer.recipe.RetrieverWarmUp;
import dev.tandem.trainer.recipe.Schedule;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Twenty steps of each variant against an independent float64 training: losses, gradients, clipping, updates. Values and
 * tolerances are those of golden/README.md.
 */
class GoldenStepsTest {
    private static final double RATE = 5e-4;
    private static final int STEPS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-code-direction",
                "b-paper-direction",
                "c-static",
                "d-pointwise",
                "e-warm-up",
                "f-shared-encoder"
            })
    void equalTheReference(String variant) throws IOException {
        JsonNode golden = JSON.readTree(resource(variant + ".json"));

        Trained trained = train(variant, 32_768);

        Expectation expected = new Expectation(golden, variant.startsWith("d"));
        expected.check(trained);
    }

    @Test
    void equalTheReferenceOneSequenceAtATime() throws IOException {
        JsonNode golden = JSON.readTree(resource("e-warm-up.json"));

        Trained trained = train("e-warm-up", 1);

        new Expectation(golden, false).check(trained);
    }

    @ParameterizedTest
    @CsvSource({
        "a-code-direction, 700",
        "b-paper-direction, 60",
        "c-static, 60",
        "in-batch-joint, 60",
        "re-ranker-warm-up, 60"
    })
    void noMicroBatchSizeChangesTheGradients(String variant, int tokensPerMicroBatch) throws IOException {
        Trained whole = train(variant, 1_000_000, Compute.FLOAT32, 5);
        Trained inParts = train(variant, tokensPerMicroBatch, Compute.FLOAT32, 5);

        assertArrayEquals(whole.losses, inParts.losses, 1e-5);
        assertArrayEquals(whole.norms, inParts.norms, 1e-3);
    }

    @Test
    void bfloat16LowersTheLossAsFloat32Does() throws IOException {
        Trained exact = train("e-warm-up", 32_768);
        Trained rounded = train("e-warm-up", 32_768, new Compute("auto", Precision.BF16), STEPS);

        for (int i = 0; i < STEPS; i++) {
            assertEquals(exact.losses[i], rounded.losses[i], 0.02 * exact.losses[i], "loss of step " + (i + 1));
        }
        double fall = exact.losses[0] - exact.losses[STEPS - 1];
        assertEquals(fall, rounded.losses[0] - rounded.losses[STEPS - 1], 0.05 * fall);
    }

    private Trained train(String variant, int tokensPerMicroBatch) throws IOException {
        return train(variant, tokensPerMicroBatch, Compute.FLOAT32, STEPS);
    }

    private Trained train(String variant, int tokensPerMicroBatch, Compute compute, int count) throws IOException {
        boolean tied = variant.startsWith("f");
        String name = variant + tokensPerMicroBatch + compute.precision();
        Path initial = GoldenModels.initialDirectory(directory.resolve(name), tied);
        Trained trained = new Trained();
        try (Models models = Models.open(initial, recipe(variant, tokensPerMicroBatch), compute)) {
            models.begin(stage(variant));
            Map<String, float[]> before = values(models);
            List<List<TokenizedExample>> steps = steps();
            for (int i = 0; i < count; i++) {
                try (NDManager step = models.newStep()) {
                    trained.losses[i] =
                            models.step().accumulate(step, steps.get(i)).total();
                    if (i == 0) {
                        trained.gradientNorms.putAll(gradientNorms(models, step));
                    }
                    trained.norms[i] = models.clip(step);
                    models.update(step, 1);
                }
            }
            trained.before = before;
            trained.after = values(models);
        }
        return trained;
    }

    private static Stage stage(String variant) {
        if (variant.startsWith("e")) {
            return Stage.RETRIEVER_WARM_UP;
        }
        return variant.startsWith("re-ranker") ? Stage.RERANKER_WARM_UP : Stage.JOINT;
    }

    private static TrainingRecipe recipe(String variant, int tokensPerMicroBatch) {
        TrainingRecipe paper = TrainingRecipe.paper();
        Joint joint = new Joint(
                0,
                6,
                8,
                RATE,
                RATE,
                Schedule.constant(),
                variant.startsWith("b") ? Distillation.PAPER : Distillation.RELEASED_CODE,
                !variant.startsWith("c"),
                variant.startsWith("d"),
                1,
                variant.startsWith("in-batch") ? 0.5 : 0);
        return new TrainingRecipe(
                1,
                new RetrieverWarmUp(100, 6, 7, RATE, Schedule.constant()),
                new RerankerWarmUp(100, 6, 8, RATE, Schedule.constant(), 0, 0.8, 20, false, false),
                joint,
                new Optimizer(0.9, 0.999, 1e-8, 0.01, 1),
                paper.replay(),
                paper.plateau(),
                tokensPerMicroBatch);
    }

    /** The given token ids, six lists per step; texts play no part. */
    private static List<List<TokenizedExample>> steps() throws IOException {
        List<List<TokenizedExample>> steps = new ArrayList<>();
        for (String line : resource("lists.jsonl").split("\n", -1)) {
            if (line.isBlank()) {
                continue;
            }
            JsonNode list = JSON.readTree(line);
            if (list.get("list").asInt() == 0) {
                steps.add(new ArrayList<>());
            }
            List<Passage> passages = new ArrayList<>();
            list.get("pids").forEach(id -> passages.add(new Passage(id.asText(), "", "")));
            Example example = new Example(
                    new Query(list.get("qid").asText(), ""),
                    passages,
                    Set.of(passages.get(0).id()),
                    true);
            List<TokenIds> pairs = new ArrayList<>();
            list.get("cross").forEach(pair -> pairs.add(tokens(pair)));
            List<TokenIds> encoded = new ArrayList<>();
            list.get("passages").forEach(passage -> encoded.add(tokens(passage)));
            steps.get(steps.size() - 1).add(new TokenizedExample(example, tokens(list.get("query")), encoded, pairs));
        }
        return steps;
    }

    private static TokenIds tokens(JsonNode json) {
        return new TokenIds(
                JSON.convertValue(json.get("ids"), int[].class), JSON.convertValue(json.get("types"), int[].class));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = GoldenStepsTest.class.getResourceAsStream("/golden/joint/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, float[]> values(Models models) {
        Map<String, float[]> values = new HashMap<>();
        for (Parameters parameters :
                List.of(models.retriever().parameters(), models.reranker().parameters())) {
            parameters
                    .names()
                    .forEach(name ->
                            values.put(goldenName(name), parameters.array(name).toFloatArray()));
        }
        return values;
    }

    private static Map<String, Double> gradientNorms(Models models, NDManager step) {
        Map<String, Double> norms = new HashMap<>();
        for (Parameters parameters :
                List.of(models.retriever().parameters(), models.reranker().parameters())) {
            if (!parameters.arrays().get(0).hasGradient()) {
                continue; // frozen
            }
            NDList gradients = parameters.gradients(step);
            List<String> names = parameters.names();
            for (int i = 0; i < names.size(); i++) {
                NDArray gradient = gradients.get(i);
                norms.put(goldenName(names.get(i)), norm(gradient.toFloatArray()));
            }
        }
        return norms;
    }

    private static String goldenName(String name) {
        return name.replaceFirst("\\.", "/").replaceFirst("^retriever/", "shared-encoder/");
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static final class Trained {
        private final double[] losses = new double[STEPS];
        private final double[] norms = new double[STEPS];
        private final Map<String, Double> gradientNorms = new HashMap<>();
        private Map<String, float[]> before = Map.of();
        private Map<String, float[]> after = Map.of();

        private double updateNorm(String name) {
            float[] difference = after.get(name).clone();
            for (int i = 0; i < difference.length; i++) {
                difference[i] -= before.get(name)[i];
            }
            return norm(difference);
        }
    }

    private static final class Expectation {
        private final JsonNode expected;
        private final Set<String> zeroGradient = new HashSet<>();
        private final boolean pointwise;

        private Expectation(JsonNode golden, boolean pointwise) {
            this.expected = golden.get("float64");
            this.pointwise = pointwise;
            golden.get("zero_gradient_parameters").forEach(name -> zeroGradient.add(name.asText()));
        }

        private void check(Trained trained) {
            for (int i = 0; i < STEPS; i++) {
                double loss = expected.get("loss").get("total").get(i).asDouble();
                double tolerance = (pointwise ? 5e-5 : 1e-5) * Math.max(1, Math.abs(loss));
                assertEquals(loss, trained.losses[i], tolerance, "loss of step " + (i + 1));
                double norm = expected.get("gradient_norm").get(i).asDouble();
                assertEquals(
                        norm, trained.norms[i], (pointwise ? 2e-3 : 1e-4) * norm, "gradient norm of step " + (i + 1));
            }
            each("gradient_l2_step1", 5e-5, trained.gradientNorms::get);
            each("update_l2_by_parameter", 3e-4, trained::updateNorm);
            checkSlices(trained);
        }

        private void each(String field, double tolerance, java.util.function.Function<String, Double> actual) {
            expected.get(field).fields().forEachRemaining(entry -> {
                if (!zeroGradient.contains(entry.getKey())) {
                    double value = entry.getValue().asDouble();
                    assertEquals(value, actual.apply(entry.getKey()), tolerance * value, field + " " + entry.getKey());
                }
            });
        }

        private void checkSlices(Trained trained) {
            expected.get("slices").fields().forEachRemaining(entry -> {
                String name = entry.getKey().substring(0, entry.getKey().indexOf('['));
                String where = entry.getKey().substring(entry.getKey().indexOf('['));
                int row = where.contains(",") ? Integer.parseInt(where.substring(1, where.indexOf(','))) : 0;
                float[] values = trained.after.get(name);
                int width =
                        name.endsWith("intermediate.dense.weight") || !name.contains("output.dense.weight") ? 64 : 128;
                for (int i = 0; i < 8; i++) {
                    assertEquals(
                            entry.getValue().get(i).asDouble(),
                            values[row * width + i],
                            1e-5,
                            entry.getKey() + " " + i);
                }
            });
        }
    }
}
