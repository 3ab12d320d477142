package dev.tandem.quickstart.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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
        for (String command : List.of(
                "quickstart",
                "status",
                "load",
                "queries",
                "clicks",
                "promotions",
                "search",
                "corpus",
                "evaluate",
                "drill")) {
            assertTrue(out.toString().contains("  " + command), command);
        }
    }

    @Test
    void writesItsCompletionForShells() {
        assertEquals(0, tandem.execute("generate-completion"));
        assertTrue(out.toString().contains("quickstart"), out.toString());
    }

    @Test
    void findsThisMachineFitAndSaysWhyABrokerOrAStoreIsNot() throws IOException {
        assertEquals(
                0,
                tandem.execute(
                        "doctor",
                        "--home",
                        home.toString(),
                        "--store",
                        home.resolve("store").toString()));
        assertTrue(out.toString().contains("ok  pytorch"), out.toString());
        assertTrue(out.toString().contains("holds 0 checkpoints and takes new ones"), out.toString());
        assertTrue(out.toString().contains("broker     not looked at"), out.toString());

        Path file = Files.writeString(home.resolve("file"), "no directory");
        int status = tandem.execute(
                "doctor",
                "--json",
                "--home",
                home.toString(),
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--store",
                file.toString());

        assertEquals(1, status);
        String line = out.toString().substring(out.toString().indexOf("{\"findings\""));
        assertTrue(line.contains("No Kafka broker answers at 127.0.0.1:1"), line);
        assertTrue(line.contains("May this user write there?"), line);
    }

    @Test
    void wrongUsageIsStatus2() {
        assertEquals(2, tandem.execute("quickstart", "--minutes", "soon"));
        assertEquals(2, tandem.execute("quickstart", "--minutes", "0"));
        assertEquals(2, tandem.execute("drill", "--minutes", "0"));
        assertEquals(2, tandem.execute("drill", "--faults", "kill_miner,earthquake"));
        assertTrue(err.toString().contains("KILL_TRAINER"), err.toString());
        assertEquals(2, tandem.execute("nothing"));
        assertEquals(2, tandem.execute("search"));
    }

    @Test
    void anAblationThatCannotBeIsWrongUsage() {
        String data = home.toString();
        assertEquals(2, tandem.execute("ablation", data));
        assertEquals(2, tandem.execute("ablation", data, "--out", data, "--variants", "full,dynamic"));
        assertTrue(err.toString().contains("expected some of [warm, full, static, "), err.toString());
        assertEquals(
                2, tandem.execute("ablation", data, "--out", data, "--variants", "warm,full", "--baseline", "static"));
        assertTrue(err.toString().contains("Expected --baseline among --variants, got static"), err.toString());
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
        assertEquals(1, tandem.execute("status", "--home", home.toString()));
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
