package dev.tandem.retrieval.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Checkpoint;
import java.io.IOException;
import java.net.URI;
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
    void replacesADamagedOne() throws IOException {
        write(connect(), "step-10", 10);
        change("step-10", WEIGHTS, "torn");

        Checkpoint again = write(connect(), "step-10", 10);

        assertEquals(again, connect().open(connect().uri("step-10"), again.digest()));
    }

    @Test
    void anotherTryIsWorthWhileWhereTheStoreIsNotThere() throws IOException {
        Checkpoint written = write(connect(), "step-10", 10);
        CheckpointStore store = connect();
        URI uri = store.uri("step-10");
        Files.move(root(), directory.resolve("unmounted"));

        String message = assertThrows(IOException.class, () -> store.open(uri, written.digest()))
                .getMessage();

        assertTrue(message.contains("mounted"), message);
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
