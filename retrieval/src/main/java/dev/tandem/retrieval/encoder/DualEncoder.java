package dev.tandem.retrieval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.token.TokenIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The retriever: a query encoder and a passage encoder, tied (one set of weights) or separate, whose embeddings' dot
 * product is the score.
 *
 * <p>Inference may be called from many threads; training from one, and not while inference runs on the same instance.
 */
public final class DualEncoder implements AutoCloseable {
    static final String TIED = "retriever";
    static final String QUERY = "query-encoder";
    static final String PASSAGE = "passage-encoder";

    private final EncodingConfig encoding;
    private final Bert query;
    private final Bert passage;
    private final Optional<Prompts> prompts;
    private final String function;

    private DualEncoder(EncodingConfig encoding, Bert query, Bert passage, Optional<Prompts> prompts) {
        this.encoding = encoding;
        this.query = query;
        this.passage = passage;
        this.prompts = prompts;
        String pooling = encoding.pooling().name().toLowerCase(Locale.ROOT);
        this.function = encoding.similarity() == Similarity.COSINE ? pooling + "_unit" : pooling;
    }

    /** Opens a checkpoint directory, to compute in float32. */
    public static DualEncoder open(Path checkpointDirectory) {
        return open(checkpointDirectory, Compute.FLOAT32);
    }

    /** Opens encoding.json and retriever/, or query-encoder/ and passage-encoder/, of a checkpoint directory. */
    public static DualEncoder open(Path checkpointDirectory, Compute compute) {
        EncodingConfig encoding = EncodingConfig.read(checkpointDirectory);
        int longest = Math.max(encoding.queryTokens(), encoding.passageTokens());
        if (Files.isDirectory(checkpointDirectory.resolve(TIED))) {
            Bert tied = Bert.open(checkpointDirectory.resolve(TIED), false, longest, compute);
            return new DualEncoder(encoding, tied, tied, Optional.empty());
        }
        if (!Files.isDirectory(checkpointDirectory.resolve(QUERY))) {
            throw new InvalidModelException("%s: expected %s/, or %s/ and %s/, found neither"
                    .formatted(checkpointDirectory, TIED, QUERY, PASSAGE));
        }
        Bert query = Bert.open(checkpointDirectory.resolve(QUERY), false, encoding.queryTokens(), compute);
        try {
            Bert passage = Bert.open(checkpointDirectory.resolve(PASSAGE), false, encoding.passageTokens(), compute);
            requireSameDimension(checkpointDirectory, query, passage);
            return new DualEncoder(encoding, query, passage, Optional.empty());
        } catch (RuntimeException | Error e) {
            query.close();
            throw e;
        }
    }

    /**
     * Opens a model of sentence-transformers to be asked, not to be trained or saved. As there, a passage is one text: its
     * title, a blank and its text, behind the model's prompt if it has one.
     */
    public static DualEncoder openSentenceTransformers(Path directory, Compute compute) {
        SentenceTransformersModel model = SentenceTransformersModel.read(directory);
        Bert tied = Bert.open(model.transformer(), false, model.encoding().passageTokens(), compute);
        return new DualEncoder(model.encoding(), tied, tied, Optional.of(model.prompts()));
    }

    private static void requireSameDimension(Path directory, Bert query, Bert passage) {
        if (query.config().hidden() != passage.config().hidden()) {
            passage.close();
            throw new InvalidModelException("%s: queries are encoded into %d dimensions, passages into %d"
                    .formatted(
                            directory, query.config().hidden(), passage.config().hidden()));
        }
    }

    public EncodingConfig encoding() {
        return encoding;
    }

    /** Size of an embedding. */
    public int dimension() {
        return query.config().hidden();
    }

    /** Whether queries and passages share one set of weights. */
    public boolean isTied() {
        return query == passage;
    }

    /** One embedding per text, in order. */
    public float[][] encodeQueries(List<String> texts) {
        return query.infer(function, tokenizeQueries(texts));
    }

    /** One embedding per passage, in order. */
    public float[][] encodePassages(List<Passage> passages) {
        return passage.infer(function, tokenizePassages(passages));
    }

    /** {@code [CLS] query [SEP]}, cut to {@code encoding().queryTokens()}. */
    public List<TokenIds> tokenizeQueries(List<String> texts) {
        List<String> prompted = prompts.map(used -> used.queries(texts)).orElse(texts);
        return query.tokenizer().queries(prompted, encoding.queryTokens());
    }

    /** {@code [CLS] title [SEP] text [SEP]}, cut to {@code encoding().passageTokens()}, the longer part first. */
    public List<TokenIds> tokenizePassages(List<Passage> passages) {
        return prompts.map(used -> passage.tokenizer().queries(used.passages(passages), encoding.passageTokens()))
                .orElseGet(() -> passage.tokenizer().passages(passages, encoding.passageTokens()));
    }

    /**
     * Query embeddings (B, D) for training; gradients flow to {@link #parameters()}. Inputs and result belong to
     * {@code step}, which must stay open until the backward pass is over. Dropout draws from PyTorch's generator.
     */
    public NDArray queries_BD(NDManager step, List<TokenIds> queries) {
        return query.train(function, step, queries);
    }

    /** Passage embeddings (N, D) for training, as {@link #queries_BD}. */
    public NDArray passages_ND(NDManager step, List<TokenIds> passages) {
        return passage.train(function, step, passages);
    }

    /** Named {@code retriever.*} where tied, else {@code query-encoder.*} and then {@code passage-encoder.*}. */
    public Parameters parameters() {
        return isTied()
                ? query.parameters().withPrefix(TIED + ".")
                : query.parameters()
                        .withPrefix(QUERY + ".")
                        .and(passage.parameters().withPrefix(PASSAGE + "."));
    }

    /** Writes encoding.json and one or two model directories that transformers and sentence-transformers open. */
    public void save(Path checkpointDirectory) {
        save(checkpointDirectory, StoredType.F32);
    }

    /** As {@link #save(Path)}, with the weights stored as {@code type}. */
    public void save(Path checkpointDirectory, StoredType type) {
        if (prompts.isPresent()) {
            throw new IllegalStateException("A model of sentence-transformers is only asked, not saved");
        }
        encoding.write(checkpointDirectory);
        if (isTied()) {
            int longest = Math.max(encoding.queryTokens(), encoding.passageTokens());
            save(query, checkpointDirectory.resolve(TIED), longest, type);
        } else {
            save(query, checkpointDirectory.resolve(QUERY), encoding.queryTokens(), type);
            save(passage, checkpointDirectory.resolve(PASSAGE), encoding.passageTokens(), type);
        }
    }

    private void save(Bert bert, Path directory, int longest, StoredType type) {
        bert.save(directory, type);
        SentenceTransformersFiles.write(directory, encoding, dimension(), longest);
    }

    Bert passageEncoder() {
        return passage;
    }

    @Override
    public void close() {
        query.close();
        if (!isTied()) {
            passage.close();
        }
    }
}
