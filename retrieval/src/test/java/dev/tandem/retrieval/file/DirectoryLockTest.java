package dev.tandem.retrieval.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @Test
    void oneTakesADirectoryAtATime(@TempDir Path directory) throws IOException {
        Path shared = directory.resolve("new/shared");
        try (DirectoryLock first = DirectoryLock.take(shared, "taken")) {
            IOException refused = assertThrows(IOException.class, () -> DirectoryLock.take(shared, "taken"));
            assertEquals("taken", refused.getMessage());
        }
        DirectoryLock.take(shared, "taken").close();
    }
}
