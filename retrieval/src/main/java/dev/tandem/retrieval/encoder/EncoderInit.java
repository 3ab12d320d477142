package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tandem.retrieval.token.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Writes the directory a trainer starts from: a checkpoint's models without its manifest and training state. */
public final class EncoderInit {
    /** A checkpoint's own sizes, to be drawn at random. */
    public record Architecture(
            int hidden, int layers, int heads, int intermediate, int positions, double dropout, boolean tied) {
        private BertConfig config(int vocabulary) {
            return new BertConfig(
                    Family.BERT,
                    vocabulary,
                    hidden,
                    layers,
                    heads,
                    intermediate,
                    positions,
                    2,
                    0,
                    0,
                    Activation.GELU,
                    1e-12,
                    dropout,
                    dropout,
                    dropout);
        }
    }

    private EncoderInit() {}

    /** Both models drawn at random; untied encoders start alike. The same seed gives the same bytes. */
    public static void random(
            Path directory, Path tokenizerJson, Architecture architecture, EncodingConfig encoding, long seed) {
        TokenizerFiles tokenizer = TokenizerFiles.ofTokenizerJson(tokenizerJson);
        BertConfig config = architecture.config(tokenizer.vocabularySize());
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> trunk = draw(manager, config.shapes(false), new Random(seed));
            Map<String, NDArray> scorer = draw(manager, config.shapes(true), new Random(seed + 1));
            writeRetriever(directory, config, trunk, tokenizer, encoding, architecture.tied());
            writeModel(directory.resolve(CrossEncoder.DIRECTORY), config, true, scorer, tokenizer);
        }
        encoding.write(directory);
    }

    /**
     * Both models from one of any family in the Hugging Face layout: retriever and cross encoder start as it; the
     * classifier is its own where it has one, else drawn at random. The encoders are tied.
     */
    public static void fromHuggingFace(Path directory, Path huggingFaceModel, EncodingConfig encoding, long seed) {
        int longest = Math.max(encoding.crossTokens(), Math.max(encoding.queryTokens(), encoding.passageTokens()));
        ModelDirectory model = ModelDirectory.open(huggingFaceModel, longest);
        model.tokenizer().close(); // a bad one is refused before anything is written
        BertConfig config = model.config();
        TokenizerFiles tokenizer = model.tokenizerFiles();
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> trunk = model.weights().read(manager, config.shapes(false));
            Map<String, NDArray> scorer = new LinkedHashMap<>();
            trunk.forEach((name, array) -> scorer.put(config.family().trunk() + name, array));
            scorer.putAll(head(model.weights(), manager, config, new Random(seed)));
            writeRetriever(directory, config, trunk, tokenizer, encoding, true);
            writeModel(directory.resolve(CrossEncoder.DIRECTORY), config, true, scorer, tokenizer);
        }
        encoding.write(directory);
    }

    private static Map<String, NDArray> head(BertWeights stored, NDManager manager, BertConfig config, Random random) {
        Map<String, NDArray> head = draw(manager, config.headShapes(), random);
        config.headShapes().forEach((name, shape) -> {
            if (stored.has(name, shape)) {
                head.put(name, stored.read(manager, name));
            }
        });
        return head;
    }

    private static Map<String, NDArray> draw(NDManager manager, Map<String, Shape> shapes, Random random) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        shapes.forEach(
                (name, shape) -> arrays.put(name, manager.create(RandomWeights.draw(name, shape, random), shape)));
        return arrays;
    }

    private static void writeRetriever(
            Path directory,
            BertConfig config,
            Map<String, NDArray> trunk,
            TokenizerFiles tokenizer,
            EncodingConfig encoding,
            boolean tied) {
        String[] names = tied ? new String[] {DualEncoder.TIED} : new String[] {DualEncoder.QUERY, DualEncoder.PASSAGE};
        int longest = Math.max(encoding.queryTokens(), encoding.passageTokens());
        for (String name : names) {
            Path model = directory.resolve(name);
            writeModel(model, config, false, trunk, tokenizer);
            SentenceTransformersFiles.write(model, encoding, config.hidden(), longest);
        }
    }

    private static void writeModel(
            Path directory,
            BertConfig config,
            boolean scoring,
            Map<String, NDArray> weights,
            TokenizerFiles tokenizer) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
        ConfigFile.write(directory, config, scoring, StoredType.F32);
        tokenizer.write(directory);
        SafeTensors.write(directory.resolve(ModelTensors.FILE), weights);
    }
}
