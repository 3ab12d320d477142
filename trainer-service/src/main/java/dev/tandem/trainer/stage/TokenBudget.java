package dev.tandem.trainer.stage;

import static java.util.Objects.requireNonNull;

import ai.djl.engine.EngineException;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * Tokens whose activations are held at once: as many as the recipe says, and fewer once the device had no memory for them.
 *
 * <p>A step that does not fit is thrown away whole and made again within half of that. Micro-batches change no gradient, so
 * it learns the same, but for rounding and for what dropout draws.
 */
public final class TokenBudget {
    /**
     * How it is said by PyTorch on a GPU, by its matrix library there, by PyTorch on a CPU, by its kernels there (which name
     * no reason), and by the C++ library for the small things beside the tensors; in lower case.
     */
    private static final List<String> OUT_OF_MEMORY = List.of(
            "out of memory",
            "cublas_status_alloc_failed",
            "can't allocate memory",
            "could not create a primitive",
            "bad_alloc");

    private final IntConsumer halved;
    private int tokens;

    /**
     * A budget nothing has exceeded yet.
     *
     * @param tokens at first
     * @param halved told of each smaller budget, before the step is made again: gradients that have accumulated must be
     *     thrown away
     */
    public TokenBudget(int tokens, IntConsumer halved) {
        this.tokens = tokens;
        this.halved = requireNonNull(halved, "halved is null");
    }

    /** Tokens per micro-batch now. */
    public int tokens() {
        return tokens;
    }

    /**
     * Makes a step within the budget, and again within a smaller one as long as the device has no memory for it.
     *
     * @param tokensOfStep tokens the whole step has
     * @param longest tokens of the longest sequence there may be; no sequence is ever cut, so the budget stays above
     * @param attempt makes the step within so many tokens per micro-batch
     * @throws IllegalStateException if there is no memory even for a sequence at a time
     */
    public <T> T within(long tokensOfStep, int longest, IntFunction<T> attempt) {
        while (true) {
            try {
                return attempt.apply(tokens);
            } catch (EngineException e) {
                if (!isOutOfMemory(e)) {
                    throw e;
                }
                halve(tokensOfStep, longest, e);
            }
        }
    }

    /** Half of what was held at once, which is less than the budget where the whole step is. */
    private void halve(long tokensOfStep, int longest, EngineException cause) {
        if (tokens <= longest) {
            throw new IllegalStateException(
                    "The device has no memory for a step, even with %d tokens at a time, the longest sequence alone. Give a device with more, fewer lists per step or shorter ones (recipe.*.lists, recipe.*.list-length), shorter sequences, or smaller models."
                            .formatted(tokens),
                    cause);
        }
        tokens = (int) Math.max(longest, Math.min(tokens, tokensOfStep) / 2);
        halved.accept(tokens);
    }

    /** Whether PyTorch failed for want of memory. */
    static boolean isOutOfMemory(EngineException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return OUT_OF_MEMORY.stream().anyMatch(message::contains);
    }
}
