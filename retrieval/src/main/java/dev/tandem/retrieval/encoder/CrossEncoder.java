package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.token.TokenIds;
import java.nio.file.Path;
import java.util.List;

/**
 * The re-ranker: one encoder over query and passage together, one logit per pair (a classifier with one label).
 *
 * <p>Inference may be called from many threads; training from one, and not while inference runs on the same instance.
 */
public final class CrossEncoder implements AutoCloseable {
    static final String DIRECTORY = "cross-encoder";
    private static final String FUNCTION = "score";

    private final EncodingConfig encoding;
    private final Bert bert;

    private CrossEncoder(EncodingConfig encoding, Bert bert) {
        this.encoding = encoding;
        this.bert = bert;
    }

    /** Opens a checkpoint directory, to compute in float32. */
    public static CrossEncoder open(Path checkpointDirectory) {
        return open(checkpointDirectory, Compute.FLOAT32);
    }

    /** Opens encoding.json and cross-encoder/ of a checkpoint directory. */
    public static CrossEncoder open(Path checkpointDirectory, Compute compute) {
        EncodingConfig encoding = EncodingConfig.read(checkpointDirectory);
        Bert bert = Bert.open(checkpointDirectory.resolve(DIRECTORY), true, encoding.crossTokens(), compute);
        return new CrossEncoder(encoding, bert);
    }

    public EncodingConfig encoding() {
        return encoding;
    }

    /** One logit per pair, in order; above 0 means rather relevant. */
    public float[] score(List<QueryPassage> pairs) {
        return infer(tokenize(pairs));
    }

    private float[] infer(List<TokenIds> pairs) {
        float[][] scores = bert.infer(FUNCTION, pairs);
        float[] flat = new float[scores.length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = scores[i][0];
        }
        return flat;
    }

    /** {@code [CLS] query [SEP] title text [SEP]}, cut to {@code encoding().crossTokens()} in the second part only. */
    public List<TokenIds> tokenize(List<QueryPassage> pairs) {
        return bert.tokenizer()
                .pairs(
                        pairs.stream().map(QueryPassage::query).toList(),
                        pairs.stream()
                                .map(pair -> pair.passage().title() + " "
                                        + pair.passage().text())
                                .toList(),
                        encoding.crossTokens());
    }

    /**
     * Logits (N) for training; gradients flow to {@link #parameters()}. Inputs and result belong to {@code step}, which
     * must stay open until the backward pass is over. Dropout draws from PyTorch's generator.
     */
    public NDArray scores_N(NDManager step, List<TokenIds> pairs) {
        return bert.train(FUNCTION, step, pairs);
    }

    /** Logits (N) of a re-ranker that is not trained, the same as {@link #score} gives; the array belongs to {@code step}. */
    public NDArray frozenScores_N(NDManager step, List<TokenIds> pairs) {
        return step.create(infer(pairs));
    }

    /** Named {@code cross-encoder.*}, then as Hugging Face's classifier names them. */
    public Parameters parameters() {
        return bert.parameters().withPrefix(DIRECTORY + ".");
    }

    /**
     * Takes over the retriever's passage trunk and draws its classifier anew: the start of the re-ranker's warm-up.
     *
     * @param mimeticFirstLayer whether the first attention layer shall compare tokens from the start; a model that is not
     *     pre-trained stays at chance for long without
     */
    public void startFromRetriever(DualEncoder retriever, boolean mimeticFirstLayer, long seed) {
        CrossEncoderStart.copyTrunk(retriever.passageEncoder(), bert);
        CrossEncoderStart.drawHead(bert, seed);
        if (mimeticFirstLayer) {
            CrossEncoderStart.mimeticFirstLayer(bert, seed);
        }
    }

    /** Writes encoding.json and cross-encoder/, which transformers and sentence-transformers' CrossEncoder open. */
    public void save(Path checkpointDirectory) {
        save(checkpointDirectory, StoredType.F32);
    }

    /** As {@link #save(Path)}, with the weights stored as {@code type}. */
    public void save(Path checkpointDirectory, StoredType type) {
        encoding.write(checkpointDirectory);
        bert.save(checkpointDirectory.resolve(DIRECTORY), type);
    }

    @Override
    public void close() {
        bert.close();
    }
}
