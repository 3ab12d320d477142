package dev.tandem.retrieval.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointStoreTest {
    @TempDir
    private Path directory;

    private CheckpointStore store;

    @BeforeEach
    void openStore() {
        store = new CheckpointStore(directory.resolve("store"));
    }

    @Test
    void opensWhatItCommitted() throws IOException {
        Checkpoint written = write("step-10", 10);

        Checkpoint opened = store.open(store.uri("step-10"), written.digest());

        assertEquals(written, opened);
        assertEquals("weights", Files.readString(opened.directory().resolve("retriever/model.safetensors")));
        assertEquals(10, store.manifest(opened).header().step());
    }

    @Test
    void showsNothingBeforeTheCommit() throws IOException {
        try (CheckpointStore.Writing writing = store.begin("step-10")) {
            Files.writeString(writing.directory().resolve("a"), "half of it");

            assertTrue(store.find("step-10").isEmpty());
            assertEquals(List.of(), store.list());
        }
        try (var left = Files.list(directory.resolve("store"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void keepsTheFirstOfTwoWithOneId() throws IOException {
        Checkpoint first = write("step-10", 10);

        Checkpoint second = write("step-10", 99);

        assertEquals(first, second);
    }

    @Test
    void refusesAFlippedByte() throws IOException {
        Checkpoint written = write("step-10", 10);
        Files.writeString(written.directory().resolve("retriever/model.safetensors"), "weighty");

        var refusal = assertThrows(
                CheckpointCorruptedException.class, () -> store.open(store.uri("step-10"), written.digest()));

        assertTrue(refusal.getMessage().contains("retriever/model.safetensors has SHA-256"), refusal.getMessage());
    }

    @Test
    void refusesAMissingFile() throws IOException {
        Checkpoint written = write("step-10", 10);
        Files.delete(written.directory().resolve("retriever/model.safetensors"));

        var refusal = assertThrows(
                CheckpointCorruptedException.class, () -> store.open(store.uri("step-10"), written.digest()));

        assertTrue(refusal.getMessage().contains("is missing"), refusal.getMessage());
    }

    @Test
    void refusesAnotherDigest() throws IOException {
        write("step-10", 10);

        var refusal = assertThrows(
                CheckpointCorruptedException.class, () -> store.open(store.uri("step-10"), "0".repeat(64)));

        assertTrue(refusal.getMessage().contains("but its event says 000"), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "file:///etc",
                "https://example.org/step-10",
                "file://example.org/step-10",
                "file:relative",
                "STORE/../step-10",
                "STORE/step-10/../../secret",
                "STORE/step-10/retriever",
                "STORE"
            })
    void refusesWhatIsNotDirectlyInTheStore(String template) throws IOException {
        Checkpoint written = write("step-10", 10);
        String root = written.directory().getParent().toUri().toString();
        URI forged = URI.create(template.replace("STORE", root.substring(0, root.length() - 1)));

        assertThrows(CheckpointCorruptedException.class, () -> store.open(forged, written.digest()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/x", "a/../b", "a//b", "./a", "", "a\\b"})
    void refusesAManifestThatPointsOutside(String path) {
        String json = "{\"id\":\"x\",\"step\":1,\"stage\":\"JOINT\",\"files\":{\"%s\":{\"sha256\":\"%s\",\"bytes\":1}}}"
                .formatted(path.replace("\\", "\\\\"), "0".repeat(64));

        assertThrows(
                IllegalArgumentException.class,
                () -> CheckpointManifest.fromJson(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void listsByStep() throws IOException {
        write("b", 20);
        write("a", 3);

        List<String> ids = store.list().stream().map(m -> m.header().id()).toList();

        assertEquals(List.of("a", "b"), ids);
    }

    @Test
    void forgetsADeletedOne() throws IOException {
        Checkpoint written = write("step-10", 10);

        store.delete("step-10");

        assertFalse(Files.exists(written.directory()));
        assertTrue(store.find("step-10").isEmpty());
    }

    @Test
    void discardsWhatAKilledWriterLeft() throws IOException {
        Files.writeString(store.begin("step-10").directory().resolve("a"), "half of it");

        store.discardUnfinished();

        try (var left = Files.list(directory.resolve("store"))) {
            assertEquals(0, left.count());
        }
    }

    private Checkpoint write(String id, long step) throws IOException {
        try (CheckpointStore.Writing writing = store.begin(id)) {
            Path retriever = Files.createDirectories(writing.directory().resolve("retriever"));
            Files.writeString(retriever.resolve("model.safetensors"), "weights");
            return writing.commit(new CheckpointManifest.Header(id, null, step, "JOINT", true));
        }
    }
}
