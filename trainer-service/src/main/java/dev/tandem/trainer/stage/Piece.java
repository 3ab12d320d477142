package dev.tandem.trainer.stage;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.tandem.retrieval.encoder.Padding;
import dev.tandem.retrieval.encoder.TorchModule;
import dev.tandem.retrieval.token.TokenIds;
import dev.tandem.trainer.batch.MicroBatches;
import dev.tandem.trainer.batch.TokenizedExample;
import java.util.ArrayList;
import java.util.List;

/**
 * The examples that one loss needs together: encodes them, and takes the loss's gradients back to the weights.
 *
 * <p>As long as they have no more tokens than the budget, all is one graph. Else gradients are cached (Gao et al., 2021,
 * GradCache): (1) the examples are encoded part by part, within the budget, without a graph; (2) the loss is made of these
 * outputs, and its gradient with respect to them is kept; (3) each part is encoded again, with a graph and the same dropout,
 * and its share of that gradient goes back to the weights. Activations of one part are held at a time, for one more forward
 * pass; the gradient is that of one graph.
 */
final class Piece implements AutoCloseable {
    /** A function of a model with one output for each sequence, made in a manager and owned by it. */
    interface Encoder {
        NDArray encode(NDManager manager, List<TokenIds> sequences);
    }

    /** Sequences encoded without a graph; the leaf is what came out, where the gradient of the loss will arrive. */
    private record Part(Encoder encoder, List<TokenIds> sequences, int dropoutSeed, NDArray leaf) {}

    private final NDManager manager;
    private final long tokensPerPart;
    private final boolean isOneGraph;
    private final List<Part> parts = new ArrayList<>();
    private long computed;
    private final GradientCollector collector = Engine.getInstance().newGradientCollector();

    Piece(NDManager step, List<TokenizedExample> examples, long tokensPerMicroBatch) {
        this.manager = step.newSubManager();
        this.tokensPerPart = tokensPerMicroBatch;
        this.isOneGraph = StageStep.tokens(examples) <= tokensPerMicroBatch;
    }

    /** Owner of the piece's arrays, for what else the loss needs. */
    NDManager manager() {
        return manager;
    }

    /** Tokens encoded so far, padding included. */
    long computed() {
        return computed;
    }

    /** Outputs of all sequences, in order, from which gradients will flow to the encoder's weights. */
    NDArray encode(Encoder encoder, List<TokenIds> sequences) {
        if (isOneGraph) {
            computed += Padding.tokensComputed(sequences);
            return encoder.encode(manager, sequences);
        }
        NDList leaves = new NDList();
        for (List<TokenIds> part : MicroBatches.of(sequences, TokenIds::length, tokensPerPart)) {
            computed += Padding.tokensComputed(part);
            int dropoutSeed = drawSeed();
            Engine.getInstance().setRandomSeed(dropoutSeed);
            NDArray leaf = encodeWithoutGraph(encoder, part);
            leaf.setRequiresGradient(true);
            parts.add(new Part(encoder, part, dropoutSeed, leaf));
            leaves.add(leaf);
        }
        return joined(leaves);
    }

    /** Outputs of all sequences, in order, of an encoder that makes no graph; its padding is not counted. */
    NDArray encodeFrozen(Encoder encoder, List<TokenIds> sequences) {
        computed += sequences.stream().mapToLong(TokenIds::length).sum();
        return encoder.encode(manager, sequences);
    }

    private static NDArray joined(NDList outputs) {
        return outputs.size() == 1 ? outputs.head() : NDArrays.concat(outputs); // DJL's concat of one cuts the graph
    }

    private NDArray encodeWithoutGraph(Encoder encoder, List<TokenIds> sequences) {
        try (NDManager part = manager.newSubManager()) {
            NDArray output = TorchModule.withoutGraph(() -> encoder.encode(part, sequences));
            output.attach(manager);
            return output;
        }
    }

    /** From PyTorch's generator, so that it follows from the seed of the step. */
    private int drawSeed() {
        try (NDArray drawn = manager.randomInteger(0, Integer.MAX_VALUE, new Shape(1), DataType.INT64)) {
            return (int) drawn.getLong();
        }
    }

    /** Adds the gradients of a scalar made of {@link #encode}'s outputs to those of the weights. */
    void backward(NDArray loss) {
        collector.backward(loss);
        parts.forEach(this::backward);
    }

    private void backward(Part part) {
        try (NDManager again = manager.newSubManager();
                NDArray gradient = part.leaf.getGradient()) {
            Engine.getInstance().setRandomSeed(part.dropoutSeed);
            NDArray output = part.encoder.encode(again, part.sequences);
            collector.backward(output.mul(gradient).sum());
        }
    }

    @Override
    public void close() {
        collector.close();
        manager.close();
    }
}
