package dev.tandem.retrieval.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryCheckpointStoreTest extends CheckpointStoreContract {
    @Override
    CheckpointStore connect() {
        return CheckpointStore.in(root());
    }

    private Path root() {
        return directory.resolve("store");
    }

    @Override
    void change(String id, String file, String text) throws IOException {
        Files.writeString(root().resolve(id).resolve(file), text);
    }

    @Override
    void lose(String id, String file) throws IOException {
        Files.delete(root().resolve(id).resolve(file));
    }

    @Override
    boolean isBare() throws IOException {
        try (Stream<Path> left = Files.list(root())) {
            return left.findAny().isEmpty();
        }
    }

    @Test
    void discardsWhatAKilledWriterLeft() throws IOException {
        Files.writeString(connect().begin("step-10").directory().resolve("a"), "half of it");

        connect().discardUnfinished();

        assertTrue(isBare());
    }

    @Test
    void opensACopyOutsideOfTheStoreUnlessItWasChanged() throws IOException {
        write(connect(), "step-10", 10);
        Path copy = Files.move(root().resolve("step-10"), directory.resolve("best"));

        assertEquals("step-10", CheckpointStore.copyIn(copy).id());
        Files.writeString(copy.resolve(WEIGHTS), "forgery");
        assertThrows(CheckpointCorruptedException.class, () -> CheckpointStore.copyIn(copy));
    }
}
