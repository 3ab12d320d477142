package dev.tandem.quickstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandLineTest {
    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine tandem =
            Tandem.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));

    @Test
    void listsItsCommands() {
        int status = tandem.execute("--help");

        assertEquals(0, status);
        for (String command :
                List.of("quickstart", "load", "queries", "clicks", "promotions", "search", "corpus", "evaluate")) {
            assertTrue(out.toString().contains("  " + command), command);
        }
    }

    @Test
    void wrongUsageIsStatus2() {
        assertEquals(2, tandem.execute("quickstart", "--minutes", "soon"));
        assertEquals(2, tandem.execute("quickstart", "--minutes", "0"));
        assertEquals(2, tandem.execute("nothing"));
        assertEquals(2, tandem.execute("search"));
    }

    @Test
    void anAblationThatCannotBeIsWrongUsage() {
        String data = home.toString();
        assertEquals(2, tandem.execute("ablation", data));
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--variants", "full,dynamic"));
        assertTrue(err.toString().contains("expected some of [warm, full, static, "), err.toString());
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--split", "train"));
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--seeds", "0"));
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--steps", "0"));
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--set", "trainer.recipe.joint.stepz=3"));
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--set", "miner.list-lenght=3"));
        assertTrue(err.toString().contains("Setting miner.list-lenght is missing"), err.toString());
    }

    @Test
    void saysWhatToDoWhereNoQuickstartRuns() {
        int status = tandem.execute("search", "sort a list", "--home", home.toString());

        assertEquals(1, status);
        assertTrue(err.toString().startsWith("No quickstart is running in " + home), err.toString());
        assertTrue(err.toString().contains("./tandem quickstart --stay"), err.toString());
    }

    @Test
    void saysWhichFileIsMissing() {
        int status = tandem.execute("queries", home.resolve("none.jsonl").toString());

        assertEquals(1, status);
        assertEquals(
                "Expected a file %s, found none.".formatted(home.resolve("none.jsonl")),
                err.toString().strip());
    }
}
