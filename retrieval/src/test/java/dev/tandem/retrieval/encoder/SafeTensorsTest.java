package dev.tandem.retrieval.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/safetensors-bad");

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> acceptsGoodFilesAndRefusesEveryMalformedOne() throws IOException {
        JsonNode files = new ObjectMapper()
                .readTree(GOLDEN.resolve("manifest.json").toFile())
                .path("files");
        return files.properties().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Path file = GOLDEN.resolve(entry.getKey());
                    if (entry.getValue().path("rule").asText().equals("accept")) {
                        SafeTensors.open(file);
                    } else {
                        var refusal = assertThrows(InvalidModelException.class, () -> SafeTensors.open(file));
                        assertTrue(refusal.getMessage().contains(entry.getKey()), refusal.getMessage());
                    }
                }));
    }

    @Test
    void namesTheTensorAndTheFault() {
        var hole = assertThrows(
                InvalidModelException.class, () -> SafeTensors.open(GOLDEN.resolve("offsets-hole.safetensors")));

        assertTrue(hole.getMessage().contains("tensor b begins at byte 28; expected 24"), hole.getMessage());
    }

    @Test
    void readsBackWhatItWroteBitForBit() {
        Path file = directory.resolve("model.safetensors");
        float[] values = {0f, -0f, 1e-42f, Float.NaN, Float.NEGATIVE_INFINITY, 3.1415927f};
        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            tensors.put("z.weight", manager.create(values, new Shape(2, 3)));
            tensors.put("a.scalar", manager.create(7f));
            tensors.put("empty", manager.zeros(new Shape(0, 3)));

            SafeTensors.write(file, tensors);
            Map<String, NDArray> read = SafeTensors.open(file).readAll(manager);

            assertEquals(List.of("z.weight", "a.scalar", "empty"), List.copyOf(read.keySet()));
            assertEquals(new Shape(2, 3), read.get("z.weight").getShape());
            assertArrayEquals(bits(values), bits(read.get("z.weight").toFloatArray()));
            assertEquals(7f, read.get("a.scalar").getFloat());
            assertEquals(new Shape(0, 3), read.get("empty").getShape());
        }
    }

    @Test
    void widensHalfPrecision() throws IOException {
        short[] half = {0x3c00, (short) 0xc000, 0x0001, (short) 0x8000, 0x7bff, 0x7c00, 0x3555};
        short[] brain = {0x3f80, (short) 0xc049};
        ByteBuffer data = ByteBuffer.allocate(18).order(ByteOrder.LITTLE_ENDIAN);
        for (short bits : half) {
            data.putShort(bits);
        }
        for (short bits : brain) {
            data.putShort(bits);
        }
        Path file = write("""
                {"h":{"dtype":"F16","shape":[7],"data_offsets":[0,14]},\
                "b":{"dtype":"BF16","shape":[2],"data_offsets":[14,18]}}""", data.array());

        try (NDManager manager = NDManager.newBaseManager()) {
            Map<String, NDArray> read = SafeTensors.open(file).readAll(manager);

            assertArrayEquals(
                    new float[] {1f, -2f, 0x1p-24f, -0f, 65504f, Float.POSITIVE_INFINITY, 0.33325195f},
                    read.get("h").toFloatArray());
            assertArrayEquals(new float[] {1f, -3.140625f}, read.get("b").toFloatArray());
        }
    }

    private Path write(String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json).put(data);
        return Files.write(directory.resolve("half.safetensors"), file.array());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }
}
