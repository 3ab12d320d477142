package dev.tandem.quickstart.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill that {@code ./tandem drill} is, with a few faults. */
class DrillIT {
    private static final List<FaultKind> KINDS =
            List.of(FaultKind.KILL_MINER, FaultKind.KILL_TRAINER, FaultKind.RESTART_BROKER);

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter result = new StringWriter();

    @Test
    void losesNothingWhateverIsKilledOrStopped() throws Exception {
        DrillOptions options = new DrillOptions(directory, Optional.empty(), Duration.ofSeconds(1), 1, KINDS, true);

        int status = new Drill(options, new PrintWriter(out, true), new PrintWriter(result, true), false).run();

        assertEquals(0, status, out::toString);
        JsonNode table = new JsonMapper().readTree(result.toString());
        assertTrue(table.path("ok").asBoolean(), out::toString);
        assertEquals(KINDS.size(), table.path("faults").size(), out::toString);
        assertEquals(0, table.path("ends").size(), out::toString);
        assertTrue(
                ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive),
                "the drill left processes behind");
    }
}
