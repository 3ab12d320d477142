package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model directory whose files contradict each other is refused in words that name the fault. */
class ModelFilesTest {
    private static final String WORDS = "embeddings.word_embeddings.weight";

    @TempDir
    Path model;

    @BeforeEach
    void copyAModel() throws IOException {
        for (String file : new String[] {"config.json", "model.safetensors", "tokenizer.json"}) {
            Files.copy(EncoderFixture.BERT.resolve(file), model.resolve(file));
        }
    }

    @Test
    void opensNamesOfOlderDaysAndOfOtherHeads() {
        float[] expected = change(weights -> {
            Map<String, NDArray> renamed = new LinkedHashMap<>();
            weights.forEach((name, array) -> renamed.put(
                    "bert."
                            + name.replace("LayerNorm.weight", "LayerNorm.gamma")
                                    .replace("LayerNorm.bias", "LayerNorm.beta"),
                    array));
            NDManager manager = weights.get(WORDS).getManager();
            renamed.put("cls.predictions.bias", manager.zeros(new Shape(2000)));
            renamed.put("bert.pooler.dense.bias", manager.zeros(new Shape(64)));
            return renamed;
        });

        try (Bert bert = Bert.open(model, false, 128)) {
            assertArrayEquals(expected, bert.parameters().array(WORDS).toFloatArray());
            assertEquals(37, bert.parameters().size());
        }
    }

    @Test
    void refusesAMissingTensor() {
        change(weights -> {
            weights.remove("encoder.layer.1.output.dense.bias");
            return weights;
        });

        assertRefused("tensor encoder.layer.1.output.dense.bias is missing");
    }

    @Test
    void refusesAnUnexpectedTensor() {
        change(weights -> {
            weights.put("encoder.layer.2.output.dense.bias", weights.get("embeddings.LayerNorm.bias"));
            return weights;
        });

        assertRefused("tensor encoder.layer.2.output.dense.bias is unexpected");
    }

    @Test
    void refusesATensorOfAnotherShape() {
        change(weights -> {
            weights.put("embeddings.LayerNorm.bias", weights.get(WORDS));
            return weights;
        });

        assertRefused("tensor embeddings.LayerNorm.bias has shape (2000, 64), but the model's config asks for (64)");
    }

    @Test
    void refusesOneWeightUnderTwoNames() {
        change(weights -> {
            weights.put("bert." + WORDS, weights.get(WORDS));
            return weights;
        });

        assertRefused("are the same weight");
    }

    @Test
    void refusesAConfigThatCannotBe() throws IOException {
        edit("config.json", json -> json.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 3"));
        assertRefused("hidden_size 64 is no multiple of num_attention_heads 3");

        edit("config.json", json -> json.replace("\"num_attention_heads\": 3", "\"num_attention_heads\": -2"));
        assertRefused("num_attention_heads: expected 1 to 64, found -2");

        edit("config.json", json -> json.replace("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"silu\""));
        assertRefused("hidden_act \"silu\" is not supported; supported: gelu, gelu_new, gelu_pytorch_tanh, relu, tanh");

        edit("config.json", json -> json.replaceFirst("\\{", "{\"hidden_size\": 1,"));
        assertRefused("is not valid JSON");

        Files.delete(model.resolve("config.json"));
        assertRefused("config.json is missing");
    }

    @Test
    void refusesATokenizerWithMorePiecesThanTheModelKnows() throws IOException {
        edit("config.json", json -> json.replace("\"vocab_size\": 2000", "\"vocab_size\": 1999"));

        assertRefused("the tokenizer has 2000 pieces, but vocab_size is 1999");
    }

    @Test
    void refusesATokenizerThatCannotBeParsedOrGivesMoreTypesThanTheModelKnows() throws IOException {
        edit("tokenizer.json", json -> json.replace("\"BertPreTokenizer\"", "\"Nonsense\""));
        assertRefused("Cannot open the tokenizer");

        edit("tokenizer.json", json -> json.replace("\"Nonsense\"", "\"BertPreTokenizer\""));
        edit("config.json", json -> json.replace("\"type_vocab_size\": 2", "\"type_vocab_size\": 1"));
        change(weights -> {
            NDArray types = weights.get("embeddings.token_type_embeddings.weight");
            weights.put("embeddings.token_type_embeddings.weight", types.get("0:1"));
            return weights;
        });
        assertRefused("the tokenizer gives 2 token types, but type_vocab_size is 1");
    }

    @Test
    void refusesATokenizerBeforeItReadsAWeight() throws IOException {
        edit("tokenizer.json", json -> json.replace("\"BertPreTokenizer\"", "\"Nonsense\""));
        change(weights -> {
            weights.remove(WORDS);
            return weights;
        });

        assertRefused("Cannot open the tokenizer");
    }

    @Test
    void showsNoControlCharactersOfAConfig() throws IOException {
        String original = Files.readString(model.resolve("config.json"));

        edit("config.json", json -> json.replace("\"model_type\": \"bert\"", "\"model_type\": \"b\\u001b[2J\""));
        assertRefused("model_type \"b?[2J\" is not supported");

        edit("config.json", json -> original.replace("\"hidden_act\": \"gelu\"", "\"hidden_act\": \"g\\nelu\""));
        assertRefused("hidden_act \"g?elu\" is not supported");

        edit("config.json", json -> original.replaceFirst("\\{", "{\"position_embedding_type\": \"a\\\\rb\","));
        assertRefused("position_embedding_type \"a?b\" is not supported");
    }

    @Test
    void refusesADecoder() throws IOException {
        edit("config.json", json -> json.replace("\"is_decoder\": false", "\"is_decoder\": true"));

        assertRefused("is_decoder true is not supported");
    }

    @Test
    void refusesAModelWithoutTokenizerOrWeights() throws IOException {
        Files.delete(model.resolve("tokenizer.json"));
        assertRefused("tokenizer.json or vocab.txt");

        Files.copy(EncoderFixture.TOKENIZER, model.resolve("tokenizer.json"));
        Files.delete(model.resolve("model.safetensors"));
        assertRefused("model.safetensors is missing");
    }

    /** Rewrites the weights and returns the word embeddings as they were. */
    private float[] change(UnaryOperator<Map<String, NDArray>> change) {
        Path file = model.resolve("model.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> weights = SafeTensors.open(file).readAll(manager);
            float[] words = weights.get(WORDS).toFloatArray();
            SafeTensors.write(file, change.apply(weights));
            return words;
        }
    }

    private void edit(String file, UnaryOperator<String> change) throws IOException {
        Path path = model.resolve(file);
        Files.writeString(path, change.apply(Files.readString(path)));
    }

    private void assertRefused(String fault) {
        var refusal = assertThrows(
                InvalidModelException.class, () -> Bert.open(model, false, 128).close());
        assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(model.toString()), refusal.getMessage());
    }
}
