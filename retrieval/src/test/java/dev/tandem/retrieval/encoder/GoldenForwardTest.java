package dev.tandem.retrieval.encoder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.retrieval.token.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Outputs and gradient norms against transformers' BertModel and BertForSequenceClassification; see golden/README.md. */
class GoldenForwardTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/init");

    @TestFactory
    Stream<DynamicTest> equalsTransformers() throws IOException {
        JsonNode models = new ObjectMapper()
                .readTree(GOLDEN.resolve("forward.json").toFile())
                .path("models");
        List<DynamicTest> tests = new ArrayList<>();
        models.properties()
                .forEach(model -> model.getValue().path("float32").properties().forEach(output -> {
                    JsonNode expected = model.getValue();
                    String name = model.getKey() + " " + output.getKey();
                    tests.add(DynamicTest.dynamicTest(
                            name, () -> assertEqual(model.getKey(), output.getKey(), expected)));
                }));
        return tests.stream();
    }

    private static void assertEqual(String model, String output, JsonNode golden) {
        try (Bert bert = Bert.open(GOLDEN.resolve(model), output.equals("logit"), 128)) {
            GoldenOutputs.assertEqual(
                    bert,
                    output,
                    sequences(golden),
                    golden.path("float32").path(output),
                    golden.path("float64").path(output).path("gradient_l2"));
        }
    }

    private static List<TokenIds> sequences(JsonNode golden) {
        List<TokenIds> sequences = new ArrayList<>();
        for (int i = 0; i < golden.path("input_ids").size(); i++) {
            int length = 0;
            for (JsonNode mask : golden.path("attention_mask").get(i)) {
                length += mask.asInt();
            }
            int[] ids = new int[length];
            int[] types = new int[length];
            for (int t = 0; t < length; t++) {
                ids[t] = golden.path("input_ids").get(i).get(t).asInt();
                types[t] = golden.path("token_type_ids").get(i).get(t).asInt();
            }
            sequences.add(new TokenIds(ids, types));
        }
        return sequences;
    }
}
