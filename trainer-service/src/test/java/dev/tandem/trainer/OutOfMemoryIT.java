package dev.tandem.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.encoder.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that really has no memory for a step in one graph, against one that has. */
class OutOfMemoryIT {
    private static final List<String> WEIGHTS =
            List.of("retriever/model.safetensors", "cross-encoder/model.safetensors", "training/optimizer.safetensors");
    private static final float ROUNDING = 2e-4f; // of weights whose updates have a rate of 1e-3
    /** No listwise loss depends on it: its gradient is rounding alone, which the optimizer makes steps of. */
    private static final String FREE = "classifier.bias";

    @TempDir
    Path directory;

    @Test
    void learnsTheSameInSmallerParts() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/prlimit")), "no prlimit here to take memory away with");
        Path initial = TinyTraining.initialWithoutDropout(directory.resolve("initial"));

        assertEquals("out of memory: 0", train("ample", initial, 0));
        String starved = train("starved", initial, 320);

        assertTrue(starved.matches("out of memory: [1-9]"), starved);
        for (String file : WEIGHTS) {
            assertAlike(file);
        }
    }

    private String train(String name, Path initial, int megabytes) throws IOException, InterruptedException {
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StarvedTraining.class.getName(),
                        directory.resolve(name).toString(),
                        initial.toString(),
                        Integer.toString(megabytes))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // what is freed goes back at once, as the memory of a device does; otherwise the heap of the C library keeps it
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "131072");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(2, TimeUnit.MINUTES), "still running");
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(log);
        assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
        return lines.get(lines.size() - 1);
    }

    private void assertAlike(String file) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> ample = tensors("ample", file, manager);
            Map<String, NDArray> starved = tensors("starved", file, manager);
            assertEquals(ample.keySet(), starved.keySet());
            ample.remove(FREE);
            for (Map.Entry<String, NDArray> tensor : ample.entrySet()) {
                float difference = tensor.getValue()
                        .sub(starved.get(tensor.getKey()))
                        .abs()
                        .max()
                        .getFloat();
                assertTrue(difference < ROUNDING, () -> file + " " + tensor.getKey() + " differs by " + difference);
            }
        }
    }

    private Map<String, NDArray> tensors(String name, String file, NDManager manager) throws IOException {
        Path checkpoint = CheckpointStore.in(directory.resolve(name))
                .find("starved-" + StarvedTraining.STEPS)
                .orElseThrow()
                .directory();
        return SafeTensors.open(checkpoint.resolve(file)).readAll(manager);
    }
}
