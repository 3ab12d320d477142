package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model in shards is read as one; an index that its shards contradict is refused. */
class ModelTensorsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void writeTwoShards() {
        try (NDManager manager = NDManager.newBaseManager()) {
            SafeTensors.write(directory.resolve("one.safetensors"), Map.of("a", manager.create(1f)));
            SafeTensors.write(directory.resolve("two.safetensors"), Map.of("b", manager.create(2f)));
        }
    }

    @Test
    void readsEachTensorFromItsShard() throws IOException {
        index("""
                {"metadata": {"total_size": 8}, "weight_map": {"a": "one.safetensors", "b": "two.safetensors"}}""");

        ModelTensors tensors = ModelTensors.open(directory);

        assertEquals(Set.of("a", "b"), tensors.names());
        try (NDManager manager = NDManager.newBaseManager()) {
            assertEquals(2f, tensors.holding("b").read(manager, "b").getFloat());
        }
    }

    @Test
    void prefersOneFile() throws IOException {
        index("{\"weight_map\": {\"a\": \"gone.safetensors\"}}");
        Files.copy(directory.resolve("two.safetensors"), directory.resolve("model.safetensors"));

        assertArrayEquals(
                new String[] {"b"}, ModelTensors.open(directory).names().toArray());
    }

    @Test
    void refusesAnIndexThatItsShardsContradict() throws IOException {
        assertRefused("{\"a\": \"two.safetensors\"}", "tensor \"a\" is not in two.safetensors");
        assertRefused(
                "{\"a\": \"one.safetensors\", \"c\": \"two.safetensors\"}", "tensor \"c\" is not in two.safetensors");
        assertRefused("{\"a\": \"three.safetensors\"}", "three.safetensors, which is missing");
        assertRefused("{}", "expected weight_map to name 1 to 1000 files, found 0");
    }

    @Test
    void refusesATensorThatTheIndexHasElsewhere() throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            SafeTensors.write(
                    directory.resolve("two.safetensors"), Map.of("a", manager.create(3f), "b", manager.create(2f)));
        }

        assertRefused(
                "{\"a\": \"one.safetensors\", \"b\": \"two.safetensors\"}",
                "tensor a is in two.safetensors, where the index has none");
    }

    @Test
    void neverReachesOutsideItsDirectory() throws IOException {
        for (String name : new String[] {
            "../one.safetensors",
            "/tmp/one.safetensors",
            "x/one.safetensors",
            ".one.safetensors",
            "one.bin",
            "",
            "a\\\\b"
        }) {
            assertRefused(
                    "{\"a\": \"%s\"}".formatted(name), "expected the name of a .safetensors file beside the index");
        }
        assertRefused("{\"a\": 1}", "expected the name of a .safetensors file");
        assertRefused("{\"a\": \"one.safetensors\", \"a\": \"one.safetensors\"}", "is not valid JSON");
    }

    private void assertRefused(String weightMap, String fault) throws IOException {
        index("{\"weight_map\": %s}".formatted(weightMap));
        var refusal = assertThrows(InvalidModelException.class, () -> ModelTensors.open(directory));
        assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
    }

    private void index(String json) throws IOException {
        Files.writeString(directory.resolve("model.safetensors.index.json"), json);
    }
}
