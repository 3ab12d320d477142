package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A miner that is killed, at small scale; {@code mvn -Pcrash-proof} runs the same at large. */
class CrashProofIT {
    @Test
    void makesWhatAnUndisturbedMinerMakes(@TempDir Path directory) throws InterruptedException {
        CrashProof.Result result = new CrashProof(directory, 30, 800, 1, 3).run();

        assertEquals(List.of(), result.differences());
        assertFalse(result.disturbed().lists().isEmpty());
        assertFalse(result.disturbed().refused().isEmpty());
    }
}
