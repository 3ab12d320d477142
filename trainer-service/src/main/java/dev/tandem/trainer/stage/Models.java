package dev.tandem.trainer.stage;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.CrossEncoder;
import dev.tandem.retrieval.encoder.DualEncoder;
import dev.tandem.retrieval.encoder.EncodingConfig;
import dev.tandem.retrieval.encoder.Parameters;
import dev.tandem.retrieval.encoder.SafeTensors;
import dev.tandem.trainer.optimizer.AdamW;
import dev.tandem.trainer.optimizer.GlobalNorm;
import dev.tandem.trainer.recipe.RerankerWarmUp;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Both models with the optimizers of the present stage: what is trained, saved and opened again together. */
public final class Models implements AutoCloseable {
    private static final String RETRIEVER = "retriever";
    private static final String RERANKER = "reranker";
    private static final String MOMENTS = "training/optimizer.safetensors";

    private final NDManager manager;
    private final GlobalNorm norm;
    private final TrainingRecipe recipe;
    private final DualEncoder retriever;
    private final CrossEncoder reranker;
    private final Map<String, AdamW> optimizers = new LinkedHashMap<>();
    private Stage stage;

    private Models(NDManager manager, TrainingRecipe recipe, DualEncoder retriever, CrossEncoder reranker) {
        this.manager = manager;
        this.norm = new GlobalNorm(manager);
        this.recipe = recipe;
        this.retriever = retriever;
        this.reranker = reranker;
    }

    /** Opens the models of a checkpoint or of an initial directory; {@link #begin} or {@link #resume} a stage next. */
    public static Models open(Path directory, TrainingRecipe recipe, Compute compute) {
        NDManager manager = compute.newManager();
        Deque<Runnable> opened = new ArrayDeque<>(List.of(manager::close));
        try {
            DualEncoder retriever = DualEncoder.open(directory, compute);
            opened.push(retriever::close);
            CrossEncoder reranker = CrossEncoder.open(directory, compute);
            opened.push(reranker::close);
            return new Models(manager, recipe, retriever, reranker);
        } catch (RuntimeException | Error e) {
            opened.forEach(Runnable::run);
            throw e;
        }
    }

    /** Begins a stage: optimizers without a past, and for the re-ranker's warm-up the start the recipe wants. */
    public void begin(Stage next) {
        RerankerWarmUp warmUp = recipe.rerankerWarmUp();
        if (next == Stage.RERANKER_WARM_UP && warmUp.trunkFromRetriever()) {
            reranker.startFromRetriever(retriever, warmUp.mimeticFirstLayer(), recipe.seed());
        }
        choose(next);
    }

    /**
     * Goes on with a stage from the moments in a checkpoint.
     *
     * @param updates by model, updates made with these moments
     */
    public void resume(Stage same, Path checkpoint, Map<String, Long> updates) {
        choose(same);
        try (NDManager reading = manager.newSubManager()) {
            Map<String, NDArray> moments =
                    SafeTensors.open(checkpoint.resolve(MOMENTS)).readAll(reading);
            optimizers.forEach((model, optimizer) -> optimizer.restore(moments, updates.getOrDefault(model, 0L)));
        }
    }

    private void choose(Stage chosen) {
        stage = chosen;
        optimizers.values().forEach(AdamW::close);
        optimizers.clear();
        boolean both = stage == Stage.JOINT && recipe.joint().dynamic();
        if (stage != Stage.RERANKER_WARM_UP) {
            optimizers.put(RETRIEVER, new AdamW(manager, named(retriever.parameters()), recipe.optimizer()));
        }
        if (both || stage == Stage.RERANKER_WARM_UP) {
            optimizers.put(RERANKER, new AdamW(manager, named(reranker.parameters()), recipe.optimizer()));
        }
        retriever.parameters().setTrainable(optimizers.containsKey(RETRIEVER));
        reranker.parameters().setTrainable(optimizers.containsKey(RERANKER));
    }

    private static Map<String, NDArray> named(Parameters parameters) {
        Map<String, NDArray> named = new LinkedHashMap<>();
        parameters.names().forEach(name -> named.put(name, parameters.array(name)));
        return named;
    }

    /** Forward, loss and backward of the present stage, within the recipe's tokens. */
    public StageStep step() {
        return step(recipe.tokensPerMicroBatch());
    }

    /**
     * Forward, loss and backward of the present stage.
     *
     * @param tokensPerMicroBatch tokens whose activations are held at once
     */
    public StageStep step(int tokensPerMicroBatch) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> new RetrieverStep(retriever, tokensPerMicroBatch);
            case RERANKER_WARM_UP -> new RerankerStep(reranker, tokensPerMicroBatch);
            case JOINT -> new JointStep(retriever, reranker, recipe.joint(), tokensPerMicroBatch);
        };
    }

    /** Tokens of the longest sequence there may be. */
    public int longestSequence() {
        EncodingConfig encoding = retriever.encoding();
        return Math.max(encoding.crossTokens(), Math.max(encoding.queryTokens(), encoding.passageTokens()));
    }

    /**
     * Clips what has accumulated by its global norm over all trained models.
     *
     * @return the norm before clipping; not finite when the gradients are worthless
     */
    public float clip(NDManager step) {
        NDList all = new NDList();
        optimizers.keySet().forEach(model -> all.addAll(parameters(model).gradients(step)));
        return norm.clip(step, all, recipe.optimizer().clipNorm());
    }

    /**
     * Updates all trained models by their gradients and sets these to zero.
     *
     * @param share share of the base rates that the schedule says
     */
    public void update(NDManager step, double share) {
        optimizers.forEach(
                (model, optimizer) -> optimizer.update(step, parameters(model).gradients(step), share * rate(model)));
    }

    /** Learning rate at a share of the schedule: the retriever's, or the re-ranker's where only that is trained. */
    public double rate(double share) {
        return share * rate(optimizers.keySet().iterator().next());
    }

    /** Throws accumulated gradients away. */
    public void discard(NDManager step) {
        optimizers.keySet().forEach(model -> norm.discard(parameters(model).gradients(step)));
    }

    DualEncoder retriever() {
        return retriever;
    }

    CrossEncoder reranker() {
        return reranker;
    }

    private Parameters parameters(String model) {
        return model.equals(RETRIEVER) ? retriever.parameters() : reranker.parameters();
    }

    private double rate(String model) {
        return switch (stage) {
            case RETRIEVER_WARM_UP -> recipe.retrieverWarmUp().rate();
            case RERANKER_WARM_UP -> recipe.rerankerWarmUp().rate();
            case JOINT ->
                model.equals(RETRIEVER)
                        ? recipe.joint().retrieverRate()
                        : recipe.joint().rerankerRate();
        };
    }

    /** By model, the updates its optimizer has made in this stage. */
    public Map<String, Long> updates() {
        Map<String, Long> updates = new TreeMap<>();
        optimizers.forEach((model, optimizer) -> updates.put(model, optimizer.updates()));
        return updates;
    }

    /** A manager for everything one step needs; closing it frees that. */
    public NDManager newStep() {
        return manager.newSubManager();
    }

    /** Writes models and moments into a checkpoint. */
    public void save(Path checkpoint) throws IOException {
        retriever.save(checkpoint);
        reranker.save(checkpoint);
        Path moments = checkpoint.resolve(MOMENTS);
        Files.createDirectories(moments.getParent());
        Map<String, NDArray> all = new LinkedHashMap<>();
        optimizers.values().forEach(optimizer -> all.putAll(optimizer.moments()));
        SafeTensors.write(moments, all);
    }

    @Override
    public void close() {
        optimizers.values().forEach(AdamW::close);
        norm.close();
        retriever.close();
        reranker.close();
        manager.close();
    }
}
