package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.retrieval.token.Tokenizer;
import dev.tandem.retrieval.token.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.IntStream;

/** One model of BERT's or a kindred family: its weights, its tokenizer, and the functions of bert.torchscript on them. */
final class Bert implements AutoCloseable {
    private static final String SOURCE = TorchModule.source(Bert.class, "bert.torchscript");
    /** Padded tokens of one inference call; beyond that a call gains nothing and its activations leave the cache. */
    private static final int TOKENS_PER_CALL = 4096;
    /** Padded tokens of one chunk of a training batch: smaller chunks pad less, larger ones multiply faster. */
    static final int TOKENS_PER_CHUNK = 1024;

    private final NDManager manager;
    private final BertConfig config;
    private final boolean scoring;
    private final Parameters parameters;
    private final TokenizerFiles tokenizerFiles;
    private final Tokenizer tokenizer;
    private final TorchModule training;
    private final TorchModule inference;
    /** Inference reads, closing writes: a model closed under a running call would end the process. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    private Bert(NDManager manager, ModelDirectory model, Tokenizer tokenizer, boolean scoring, int torchType) {
        this.manager = manager;
        this.config = model.config();
        this.scoring = scoring;
        this.parameters = new Parameters(model.weights().read(manager, config.shapes(scoring)));
        this.tokenizerFiles = model.tokenizerFiles();
        this.tokenizer = tokenizer;
        this.training = TorchModule.load(manager, SOURCE, constants(config, true, torchType));
        this.inference = TorchModule.load(manager, SOURCE, constants(config, false, torchType));
        parameters.setTrainable(true);
    }

    private static Map<String, Number> constants(BertConfig config, boolean train, int torchType) {
        Map<String, Number> constants = new HashMap<>(config.constants(train));
        constants.put("type", torchType);
        return constants;
    }

    /** Opens a model directory, to compute in float32. */
    static Bert open(Path directory, boolean scoring, int longest) {
        return open(directory, scoring, longest, Compute.FLOAT32);
    }

    /**
     * Opens a model directory.
     *
     * @param scoring whether it is a one-label classifier; else the trunk alone, whose pooler is not needed
     * @param longest number of tokens that it must be able to take
     */
    static Bert open(Path directory, boolean scoring, int longest, Compute compute) {
        ModelDirectory model = ModelDirectory.open(directory, longest);
        Tokenizer tokenizer = model.tokenizer();
        try {
            return open(model, tokenizer, scoring, compute);
        } catch (RuntimeException | Error e) { // an Error where memory outside the heap is used up
            tokenizer.close();
            throw e;
        }
    }

    private static Bert open(ModelDirectory model, Tokenizer tokenizer, boolean scoring, Compute compute) {
        NDManager manager = compute.newManager();
        try {
            return new Bert(manager, model, tokenizer, scoring, compute.torchType());
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    BertConfig config() {
        return config;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Under Hugging Face's names. */
    Parameters parameters() {
        return parameters;
    }

    /** One function's result for a micro-batch, with gradients; all of it belongs to {@code step}. */
    NDArray train(String function, NDManager step, List<TokenIds> sequences) {
        if (sequences.isEmpty()) {
            throw new IllegalArgumentException("Expected at least one sequence, found none");
        }
        if (!step.getDevice().equals(manager.getDevice())) {
            throw new IllegalArgumentException(
                    "Expected a step on %s, where the model is, found one on %s. Take it from Compute"
                            .formatted(manager.getDevice(), step.getDevice()));
        }
        return call(training, function, true, step, sequences, TokenBatch.partition(sequences, TOKENS_PER_CHUNK));
    }

    /** One function's result per sequence, in the given order, without gradients. */
    float[][] infer(String function, List<TokenIds> sequences) {
        float[][] results = new float[sequences.size()][];
        for (List<Integer> part : TokenBatch.partition(sequences, TOKENS_PER_CALL)) {
            List<TokenIds> batch = part.stream().map(sequences::get).toList();
            float[] flat = inferBatch(function, batch);
            int width = flat.length / batch.size();
            for (int i = 0; i < batch.size(); i++) {
                results[part.get(i)] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
            }
        }
        return results;
    }

    private float[] inferBatch(String function, List<TokenIds> batch) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("This encoder is closed");
            }
            try (NDManager call = manager.newSubManager()) {
                List<List<Integer>> inOrder =
                        List.of(IntStream.range(0, batch.size()).boxed().toList());
                return call(inference, function, false, call, batch, inOrder).toFloatArray();
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private NDArray call(
            TorchModule module,
            String function,
            boolean train,
            NDManager owner,
            List<TokenIds> sequences,
            List<List<Integer>> parts) {
        NDList arguments = TokenBatch.arguments(owner, sequences, parts);
        arguments.addAll(TorchModule.list("w", parameters.arrays()));
        return module.call(function, train, arguments).singletonOrThrow();
    }

    /** Writes config.json, model.safetensors and the tokenizer's files. */
    void save(Path directory, StoredType type) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
        ConfigFile.write(directory, config, scoring, type);
        tokenizerFiles.write(directory);
        SafeTensors.write(directory.resolve(ModelTensors.FILE), parameters.byName(), type);
    }

    /** Waits for inference under way; later calls are refused. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                training.close();
                inference.close();
                tokenizer.close();
                manager.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
