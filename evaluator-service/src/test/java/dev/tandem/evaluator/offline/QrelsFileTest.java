package dev.tandem.evaluator.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tandem.retrieval.Qrels;
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

class QrelsFileTest {
    private static final Qrels QRELS =
            new Qrels(Map.of("q1", Map.of("p1", 3, "p2", -1), "q2", Map.of("p1", 0, "größe", 1)));

    private final Refusals refusals = new Refusals();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"a.txt", "a.txt.gz", "a.tsv", "a.tsv.gz"})
    void readsWhatItWrites(String name) throws IOException {
        QrelsFile.write(directory.resolve(name), QRELS);

        assertEquals(QRELS, QrelsFile.read(directory.resolve(name), refusals));
        assertEquals(0, refusals.count());
    }

    @Test
    void readsBeirsLinesWithAndWithoutTheirHeader() throws IOException {
        Qrels expected = new Qrels(Map.of("q1", Map.of("p1", 1)));

        assertEquals(expected, QrelsFile.read(file("a.tsv", "query-id\tcorpus-id\tscore", "q1\tp1\t1"), refusals));
        assertEquals(expected, QrelsFile.read(file("b.tsv", "q1\tp1\t1"), refusals));
        assertEquals(0, refusals.count());
    }

    @Test
    void saysWhichLineIsWrong() throws IOException {
        Path file = file("a.txt", "q1 0", "q1 0 p1 1", "q1 p2 1", "q1 0 p3 high", "q1 0 p1 2");

        Qrels qrels = QrelsFile.read(file, refusals);

        assertEquals(
                List.of(
                        "a.txt:1: expected 4 columns (query, 0, passage, grade) or 3 (query, passage, grade), got 2: q1 0",
                        "a.txt:3: expected 4 columns (query, 0, passage, grade), got 3: q1 p2 1",
                        "a.txt:4: expected a whole number as grade, got high",
                        "a.txt:5: expected each passage once for a query, got p1 again for query q1"),
                refusals.first());
        assertEquals(new Qrels(Map.of("q1", Map.of("p1", 1))), qrels);
    }

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }
}
