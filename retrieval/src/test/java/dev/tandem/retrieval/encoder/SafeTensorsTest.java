package dev.tandem.retrieval.encoder;

import static java.util.Map.entry;
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
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafeTensorsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/safetensors-bad");

    /** What the refusal of each malformed file says: the tensor where there is one, and its fault. */
    private static final Map<String, String> FAULTS = Map.ofEntries(
            entry("empty-file", "0 bytes are too few for a header length"),
            entry("short-length", "3 bytes are too few for a header length"),
            entry("length-beyond-file", "does not fit a file of 160 bytes"),
            entry("length-huge", "header length 9223372036854775792 does not fit a file of 160 bytes"),
            entry("length-negative-if-signed", "header length 18446744073709551608 does not fit a file of 160 bytes"),
            entry("length-zero", "header length 0 does not fit"),
            entry("header-truncated-json", "is not valid JSON"),
            entry("header-not-object", "the header does not begin with {"),
            entry("header-leading-space", "the header does not begin with {"),
            entry("header-trailing-text", "is not valid JSON"),
            entry("header-not-utf8", "the header is not UTF-8"),
            entry("header-deep-nesting", "nesting depth"),
            entry("duplicate-names", "at \"/a\": \"Duplicate field 'a'\""),
            entry("duplicate-names-same-range", "at \"/a\": \"Duplicate field 'a'\""),
            entry("duplicate-keys-in-entry", "at \"/a/dtype\": \"Duplicate field 'dtype'\""),
            entry("data-truncated", "the last tensor (b) ends at byte 40, but the file has 35 bytes of data"),
            entry("data-trailing", "the last tensor (b) ends at byte 40, but the file has 45 bytes of data"),
            entry("offsets-overlap", "tensor b begins at byte 20; expected 24"),
            entry("offsets-same-range", "tensor b begins at byte 0; expected 24"),
            entry("offsets-hole", "tensor b begins at byte 28; expected 24"),
            entry("offsets-negative", "tensor a: expected data_offsets to hold integers from 0, found \"-24\""),
            entry("offsets-reversed", "tensor a has data_offsets [24, 0]; expected begin and end"),
            entry("offsets-fraction", "tensor a: expected data_offsets to hold integers from 0, found \"0.0\""),
            entry("offsets-beyond-64-bit", "tensor a: expected data_offsets to hold integers from 0, found \"18446744"),
            entry("offsets-three", "tensor a has data_offsets [0, 12, 24]; expected begin and end"),
            entry("dtype-unknown", "tensor a has unknown dtype \"F31\""),
            entry("dtype-lower-case", "tensor a has unknown dtype \"f32\""),
            entry("dtype-missing", "tensor a has unknown dtype \"none\""),
            entry("shape-size-mismatch", "tensor a of shape [2, 4] and dtype F32 does not fill its 24 bytes"),
            entry("shape-dtype-mismatch", "tensor a of shape [2, 3] and dtype F64 does not fill its 24 bytes"),
            entry("shape-negative", "tensor a: expected shape to hold integers from 0, found \"-2\""),
            entry("shape-overflow", "tensor a has shape [4294967296, 4294967296, 6], which overflows"),
            entry(
                    "shape-overflow-32-bit",
                    "tensor a of shape [65536, 65536, 1] and dtype F32 does not fill its 0 bytes"),
            entry("metadata-not-strings", "__metadata__ must map strings to strings"),
            entry("name-parent-path", "is not one a model could have"),
            entry("name-absolute-path", "is not one a model could have"),
            entry("name-nul", "is not one a model could have"),
            entry("name-empty", "tensor name \"\" is not one a model could have"));

    @TempDir
    Path directory;

    @TestFactory
    Stream<DynamicTest> acceptsGoodFilesAndNamesTheFaultOfEveryMalformedOne() throws IOException {
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
                        String fault = FAULTS.get(entry.getKey().replace(".safetensors", ""));
                        assertTrue(refusal.getMessage().contains(entry.getKey()), refusal.getMessage());
                        assertTrue(refusal.getMessage().contains(fault), refusal.getMessage());
                    }
                }));
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

    @Test
    void roundsToTheNearestBrainFloatTiesToEven() {
        float[] values = {1f, 0x1.01p0f, 0x1.03p0f, 0x1.010002p0f, -0x1.018p0f, Float.MAX_VALUE, 1e-42f, -0f};
        float[] rounded = {1f, 1f, 0x1.04p0f, 0x1.02p0f, -0x1.02p0f, Float.POSITIVE_INFINITY, 0f, -0f};
        Path file = directory.resolve("model.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            SafeTensors.write(file, Map.of("x", manager.create(values)), StoredType.BF16);

            assertArrayEquals(rounded, SafeTensors.open(file).read(manager, "x").toFloatArray());
        }
        assertTrue(Float.isNaN(Float.intBitsToFloat(StoredType.brainFloat(Float.intBitsToFloat(0x7f800001)) << 16)));
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatIsLargerThanItsBuffers(StoredType type) {
        float[] values = new float[(2 << 20) + 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 251; // a brain float holds it
        }
        Path file = directory.resolve("model.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            SafeTensors.write(file, Map.of("x", manager.create(values)), type);

            assertArrayEquals(values, SafeTensors.open(file).read(manager, "x").toFloatArray());
        }
    }

    @Test
    void refusesAHeaderBeyondItsBound() throws IOException {
        byte[] blank = " ".repeat(8 << 20).getBytes(StandardCharsets.UTF_8);
        Path file = write("{}", blank);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, blank.length + 2), 0);
        }

        var refusal = assertThrows(InvalidModelException.class, () -> SafeTensors.open(file));

        assertTrue(
                refusal.getMessage().contains("the header has 8388610 bytes; at most 8388608 are accepted"),
                refusal.getMessage());
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
