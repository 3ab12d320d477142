package dev.tandem.trainer.stage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.Query;
import dev.tandem.retrieval.encoder.Compute;
import dev.tandem.retrieval.encoder.TorchModule;
import dev.tandem.trainer.TinyTraining;
import dev.tandem.trainer.batch.Example;
import dev.tandem.trainer.batch.TokenizedExample;
import dev.tandem.trainer.recipe.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenBudgetTest {
    private static final long ABSURD = 1L << 24; // a square of it has 2^48 numbers
    private static final int LONGEST = 24;

    private final List<Integer> halved = new ArrayList<>();
    private final List<Integer> attempts = new ArrayList<>();

    @Test
    void knowsPyTorchsOwnFailureToAllocate() {
        assertTrue(TokenBudget.isOutOfMemory(outOfMemory()));
    }

    @Test
    void knowsTheFailureOfATorchScriptFunctionToAllocate() {
        try (NDManager manager = NDManager.newBaseManager();
                TorchModule module = TorchModule.load(
                        manager, "def square(x: Tensor) -> Tensor:\n  return torch.matmul(x, torch.t(x))\n")) {
            NDArray column = manager.zeros(new Shape(ABSURD, 1), DataType.FLOAT32);

            EngineException failure =
                    assertThrows(EngineException.class, () -> module.call("square", false, new NDList(column)));

            assertTrue(TokenBudget.isOutOfMemory(failure), failure.getMessage());
        }
    }

    @Test
    void knowsTheFailuresOfGpus() {
        assertTrue(TokenBudget.isOutOfMemory(new EngineException(
                "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.11 GiB")));
        assertTrue(TokenBudget.isOutOfMemory(new EngineException("CUDA error: out of memory")));
        assertTrue(TokenBudget.isOutOfMemory(
                new EngineException("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")));
    }

    @Test
    void passesOtherFailuresOn() {
        EngineException other = new EngineException("The size of tensor a (3) must match the size of tensor b (4)");
        TokenBudget budget = new TokenBudget(1000, halved::add);

        EngineException passedOn = assertThrows(
                EngineException.class,
                () -> budget.within(5000, LONGEST, tokens -> {
                    throw other;
                }));

        assertSame(other, passedOn);
        assertEquals(List.of(), halved);
    }

    @Test
    void halvesUntilTheStepFitsAndStaysThere() {
        TokenBudget budget = new TokenBudget(1000, halved::add);

        int fits = budget.within(5000, LONGEST, fittingBelow(200));

        assertEquals(125, fits);
        assertEquals(List.of(1000, 500, 250, 125), attempts);
        assertEquals(List.of(500, 250, 125), halved);
        assertEquals(125, budget.tokens());
    }

    @Test
    void halvesWhatTheStepHadWhereTheBudgetWasNeverReached() {
        TokenBudget budget = new TokenBudget(32_768, halved::add);

        budget.within(300, LONGEST, fittingBelow(200));

        assertEquals(List.of(150), halved);
    }

    @Test
    void givesUpWhereTheLongestSequenceAloneDoesNotFit() {
        TokenBudget budget = new TokenBudget(100, halved::add);

        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> budget.within(5000, LONGEST, fittingBelow(0)));

        assertEquals(List.of(50, 25, LONGEST), halved);
        assertTrue(failure.getMessage().contains("with 24 tokens at a time"), failure.getMessage());
        assertTrue(failure.getCause() instanceof EngineException);
    }

    /** Models with dropout, a whole step's gradients accumulated when memory fails, once. */
    @Test
    void theStepThatIsMadeAgainHasTheGradientsOfOneThatNeverFailed(@TempDir Path directory) throws IOException {
        Path initial = TinyTraining.initial(directory.resolve("initial"));
        float[] unbroken = gradient(initial, 60, Integer.MAX_VALUE);

        float[] again = gradient(initial, 120, 100);

        assertEquals(List.of(60), halved);
        assertArrayEquals(unbroken, again);
        assertFalse(IntStream.range(0, again.length).allMatch(i -> again[i] == 0));
    }

    /** The retriever's gradients for a step that no more than so many tokens at once have memory for. */
    private float[] gradient(Path initial, int tokensAtFirst, int mostTokens) {
        try (Models models = Models.open(initial, TinyTraining.recipe(1), Compute.FLOAT32);
                NDManager step = models.newStep()) {
            models.begin(Stage.JOINT);
            IntConsumer discarding = tokens -> {
                halved.add(tokens);
                models.discard(step);
            };
            List<TokenizedExample> examples = models.step().tokenize(examples());
            new TokenBudget(tokensAtFirst, discarding)
                    .within(StageStep.tokens(examples), models.longestSequence(), tokens -> {
                        Engine.getInstance().setRandomSeed(7);
                        StepLosses losses = models.step(tokens).accumulate(step, examples);
                        if (tokens > mostTokens) {
                            throw outOfMemory();
                        }
                        return losses;
                    });
            NDList gradients = models.retriever().parameters().gradients(step);
            return gradients.get(0).toFloatArray();
        }
    }

    private static List<Example> examples() {
        return IntStream.range(0, 4)
                .mapToObj(i -> new Example(
                        new Query("q" + i, "root schema " + i),
                        List.of(
                                new Passage("p" + i, "schema", "returns the root schema " + i),
                                new Passage("n" + i, "connection", "closes this connection"),
                                new Passage("m" + i, "null", "null where none was given")),
                        Set.of("p" + i),
                        true))
                .toList();
    }

    private IntFunction<Integer> fittingBelow(int most) {
        return tokens -> {
            attempts.add(tokens);
            if (tokens >= most) {
                throw outOfMemory();
            }
            return tokens;
        };
    }

    /** What libtorch says where no machine has the memory. */
    private static EngineException outOfMemory() {
        try (NDManager manager = NDManager.newBaseManager()) {
            return assertThrows(EngineException.class, () -> manager.zeros(new Shape(ABSURD, ABSURD)));
        }
    }
}
