package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TorchModuleTest {
    private static final String SOURCE = """
            # two functions and a constant of each kind
            def scaled(x: Tensor) -> Tensor:
              return x * self.factor

            def sum_of_powers(xs: List[Tensor], y: Tensor) -> Tensor:
              total = y
              for x in xs:
                total = total + torch.pow(self.scaled(x), self.exponent)
              return total
            """;

    @Test
    void callsAFunctionWithListsAndConstants() {
        try (NDManager manager = NDManager.newBaseManager();
                TorchModule module = TorchModule.load(manager, SOURCE, Map.of("factor", 0.1 + 0.2, "exponent", 2))) {
            NDList arguments = TorchModule.list("xs", List.of(manager.create(10f), manager.create(20f)));
            arguments.add(manager.create(1f));

            NDArray result = module.call("sum_of_powers", false, arguments).singletonOrThrow();

            assertEquals(46f, result.getFloat(), 1e-4f);
        }
    }

    @Test
    void gradientsFlowThroughAFunction() {
        try (NDManager manager = NDManager.newBaseManager();
                TorchModule module = TorchModule.load(manager, SOURCE, Map.of("factor", 3.0, "exponent", 2))) {
            NDArray x = manager.create(new float[] {1, 2});
            x.setRequiresGradient(true);
            NDList arguments = TorchModule.list("xs", List.of(x));
            arguments.add(manager.create(0f));

            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(
                        module.call("sum_of_powers", true, arguments).head().sum());
            }

            assertArrayEquals(new float[] {18, 36}, x.getGradient().toFloatArray());
        }
    }

    @Test
    void resultsBelongToTheManagerOfTheFirstArgument() {
        try (NDManager manager = NDManager.newBaseManager();
                TorchModule module = TorchModule.load(manager, SOURCE, Map.of("factor", 3.0, "exponent", 2));
                NDManager step = manager.newSubManager()) {
            NDArray result =
                    module.call("scaled", false, new NDList(step.create(2f))).singletonOrThrow();

            assertEquals(step, result.getManager());
        }
    }

    @Test
    void saysWhichLineDoesNotCompile() {
        try (NDManager manager = NDManager.newBaseManager()) {
            var error = assertThrows(
                    EngineException.class,
                    () -> TorchModule.load(manager, "def f(x: Tensor) -> Tensor:\n  return torch.nonsense(x)\n"));

            assertEquals(true, error.getMessage().contains("torch.nonsense"));
        }
    }
}
