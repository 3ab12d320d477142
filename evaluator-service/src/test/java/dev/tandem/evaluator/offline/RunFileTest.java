package dev.tandem.evaluator.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.retrieval.Ranking;
import dev.tandem.retrieval.Ranking.Hit;
import dev.tandem.retrieval.Run;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFileTest {
    private static final Run RUN = new Run(Map.of(
            "q1", new Ranking(List.of(new Hit("p1", 0.1 + 0.2), new Hit("p2", 1e-300), new Hit("größe", -3))),
            "q2", new Ranking(List.of(new Hit("p1", 7)))));

    private final Refusals refusals = new Refusals();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.run", "a.run.gz", "a.txt.zst", "a.json", "a.json.gz"})
    void readsWhatItWrites(String name) throws IOException {
        RunFile.write(directory.resolve(name), RUN, "tandem");

        assertEquals(RUN, RunFile.read(directory.resolve(name), refusals));
        assertEquals(0, refusals.count());
    }

    @Test
    void ordersByScoreWhateverRanksAndLinesSay() throws IOException {
        Path file = file("a.run", "q1 Q0 low 1 -0.0 t", "q1\tQ0\thigh\t2\t1e1\tt", "q1 Q0 same 3 0 t");

        Run run = RunFile.read(file, refusals);

        assertEquals(List.of("high", "same", "low"), run.rankings().get("q1").passageIds());
    }

    @Test
    void saysWhichLineOfATrecRunIsWrong() throws IOException {
        Path file = file(
                "a.run",
                "q1 Q0 p1 1 2.5 t",
                "q1 Q0 p2 2 2.4",
                "q1 Q0 p3 3 high t",
                "q1 Q0 p1 4 2.2 t",
                "q1 Q0 p5 5 NaN t",
                "q1 Q0 p6 6 1f t",
                "q1 Q0 p7 7 0x1p3 t");

        Run run = RunFile.read(file, refusals);

        assertEquals(
                List.of(
                        "a.run:2: expected 6 columns (query, Q0, passage, rank, score, tag), got 5: q1 Q0 p2 2 2.4",
                        "a.run:3: expected a number as score, got high",
                        "a.run:4: expected each passage once for a query, got p1 again for query q1",
                        "a.run:5: expected a number as score, got NaN",
                        "a.run:6: expected a number as score, got 1f",
                        "a.run:7: expected a number as score, got 0x1p3"),
                refusals.first());
        assertEquals(List.of("p1"), run.rankings().get("q1").passageIds());
    }

    @Test
    void saysWhichLineOfABeirRunIsWrong() throws IOException {
        Path file = file(
                "a.json",
                "",
                "{\"q1\": {\"p1\": 1,",
                "\"p2\": \"x\",",
                "\"p1\": 2, \"p3\": [1, 2], \"p4\": 0.5},",
                "\"q2\": 3, \"q3\": {}",
                "} {");

        Run run = RunFile.read(file, refusals);

        assertEquals(
                List.of(
                        "a.json:3: expected a number as score of passage p2 for query q1, got x",
                        "a.json:4: expected each passage once for a query, got p1 again for query q1",
                        "a.json:4: expected a number as score of passage p3 for query q1, got [",
                        "a.json:5: expected an object of passage ids and scores for query q2, got 3",
                        "a.json:6: expected the end of the file after one JSON object, got more"),
                refusals.first());
        assertEquals(List.of("p1", "p4"), run.rankings().get("q1").passageIds());
        assertEquals(Ranking.EMPTY, run.rankings().get("q3"));
    }

    @Test
    void saysWhereABeirRunBreaksOff() throws IOException {
        RunFile.read(file("a.json", "{\"q1\": {\"p1\": 1,"), refusals);

        assertEquals(1, refusals.count());
        assertEquals(
                "a.json:2: expected JSON, got Unexpected end-of-input",
                refusals.first().get(0).substring(0, 52));
    }

    @Test
    void refusesToWriteIdsThatNoReaderWouldFindAgain() {
        Run run = new Run(Map.of("my query", Ranking.EMPTY));

        var refusal =
                assertThrows(IllegalArgumentException.class, () -> RunFile.write(directory.resolve("a.run"), run, "t"));

        assertEquals(
                "The id \"my query\" cannot stand in a file of columns, for it holds a blank or nothing; write BEIR's form"
                        + " instead",
                refusal.getMessage());
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }
}
