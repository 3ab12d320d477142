package dev.tandem.miner.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinedListFileTest {
    @TempDir
    Path directory;

    @Test
    void leavesWhatWasThereUntilItIsCommitted() throws IOException {
        Path file = Files.writeString(directory.resolve("lists.jsonl"), "before");

        try (MinedListFile unfinished = MinedListFile.begin(file)) {
            assertEquals("before", Files.readString(file));
        }

        assertEquals("before", Files.readString(file));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }
}
