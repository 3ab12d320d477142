package dev.tandem.quickstart.home;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeDirectoryTest {
    @TempDir
    private Path home;

    @Test
    void aFreshRunFindsNothingOfTheLatest() throws IOException {
        try (HomeDirectory first = HomeDirectory.fresh(home)) {
            Files.createDirectories(first.run().resolve("broker/data"));
            Files.writeString(first.run().resolve("broker/data/log"), "x");
        }

        try (HomeDirectory second = HomeDirectory.fresh(home)) {
            assertFalse(Files.exists(second.run().resolve("broker")));
        }
    }

    @Test
    void aKeptRunStays() throws IOException {
        Path kept = home.resolve("kept");
        try (HomeDirectory first = HomeDirectory.keeping(home, kept)) {
            Files.writeString(first.run().resolve("file"), "x");
        }

        try (HomeDirectory second = HomeDirectory.keeping(home, kept)) {
            assertTrue(Files.exists(second.run().resolve("file")));
        }
    }

    @Test
    void onlyOneRunsAtATime() throws IOException {
        try (HomeDirectory first = HomeDirectory.fresh(home)) {
            IOException e = assertThrows(IOException.class, () -> HomeDirectory.fresh(first.home()));

            assertTrue(e.getMessage().contains("running"), e.getMessage());
        }
    }

    @Test
    void aRunningQuickstartIsFoundUntilItEnds() throws IOException {
        RunningQuickstart running = running(ProcessHandle.current().pid());
        try (HomeDirectory directory = HomeDirectory.fresh(home)) {
            running.announce(directory.home());

            assertEquals(Optional.of(running), RunningQuickstart.find(home));
        }
        assertEquals(Optional.empty(), RunningQuickstart.find(home));
    }

    @Test
    void oneThatWasKilledIsNotFound() throws IOException {
        running(Long.MAX_VALUE).announce(home);

        assertEquals(Optional.empty(), RunningQuickstart.find(home));
    }

    private static RunningQuickstart running(long pid) {
        return new RunningQuickstart(
                pid,
                "127.0.0.1:9092",
                URI.create("http://127.0.0.1:1"),
                URI.create("http://127.0.0.1:2"),
                URI.create("http://127.0.0.1:3"));
    }
}
