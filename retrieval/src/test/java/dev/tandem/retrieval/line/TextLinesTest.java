package dev.tandem.retrieval.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextLinesTest {
    @TempDir
    private Path directory;

    @Test
    void refusesALineThatIsTooLongAndGoesOn() throws IOException {
        Refusals refusals = new Refusals();
        List<String> taken = new ArrayList<>();
        String long70kBytes = "x".repeat(70_000); // more than one block

        lines("\uFEFFfirst\n\n" + long70kBytes + "\nlast", refusals, 1000).forEach(taken::add);

        assertEquals(List.of("first", "last"), taken);
        assertEquals(List.of("file:3: expected at most 1000 bytes, got a longer line"), refusals.first());
    }

    @Test
    void readsLinesLongerThanABlock() throws IOException {
        List<String> taken = new ArrayList<>();
        String long70kBytes = "y".repeat(70_000);

        lines(long70kBytes + "\n" + long70kBytes + "z\n", new Refusals(), 100_000)
                .forEach(taken::add);

        assertEquals(List.of(long70kBytes, long70kBytes + "z"), taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines.jsonl", "lines.jsonl.gz", "lines.jsonl.zst"})
    void readsACompressedFileAsItsNameSays(String name) throws IOException {
        byte[] content = "one\ntwo\n".repeat(50_000).getBytes(UTF_8);
        try (OutputStream out = CompressedFile.create(directory.resolve(name))) {
            out.write(content);
        }

        try (InputStream in = CompressedFile.open(directory.resolve(name))) {
            assertArrayEquals(content, in.readAllBytes());
        }
    }

    @Test
    void saysThatAFileIsNotCompressed() throws IOException {
        Path file = Files.writeString(directory.resolve("lines.jsonl.gz"), "{}\n");

        String message =
                assertThrows(IOException.class, () -> CompressedFile.open(file)).getMessage();

        assertEquals(
                "Expected %s to be compressed as its name says, it is not: Not in GZIP format".formatted(file),
                message);
    }

    private static TextLines lines(String content, Refusals refusals, int mostBytes) {
        return new TextLines("file", new ByteArrayInputStream(content.getBytes(UTF_8)), refusals, mostBytes);
    }
}
