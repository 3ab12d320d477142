package dev.tandem.quickstart.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.Refusals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MsMarcoDirectoryTest {
    @TempDir
    private Path directory;

    private final Refusals refusals = new Refusals();
    private final List<JudgedQuery> train = new ArrayList<>();
    private final List<JudgedQuery> heldOut = new ArrayList<>();

    @Test
    void readsThePassages() throws IOException {
        write("collection.tsv", "0\tThe presence of communication.", "1\tA tab\there", "2", "\tno id", "3\t ");

        List<Passage> passages = new ArrayList<>();
        new MsMarcoDirectory(directory).forEachPassage(refusals, passages::add);

        assertEquals(
                List.of(new Passage("0", "", "The presence of communication."), new Passage("1", "", "A tab\there")),
                passages);
        assertEquals(3, refusals.count());
        assertEquals(
                "collection.tsv:3: expected id and text, tab-separated, got 2",
                refusals.first().get(0));
    }

    @Test
    void readsTheQueriesOfEachSplit() throws IOException {
        write("queries.train.tsv", "121352\tdefine extreme", "634306\twhat does chattel mean", "7\tnever judged");
        write("qrels.train.tsv", "121352\t0\t9\t1", "634306\t0\t8\t1", "634306\t0\t7\t1");
        write("queries.dev.small.tsv", "2\tandroid", "634306\twhat does chattel mean");
        write("qrels.dev.small.tsv", "2\t0\t4\t1", "634306\t0\t8\t1");

        read();

        assertEquals(List.of(new JudgedQuery("121352", "define extreme", Map.of("9", 1))), train);
        assertEquals(
                List.of(
                        new JudgedQuery("2", "android", Map.of("4", 1)),
                        new JudgedQuery("634306", "what does chattel mean", Map.of("8", 1))),
                heldOut);
        assertEquals(0, refusals.count());
    }

    @Test
    void takesGradesAndSpacesOfTrec() throws IOException {
        write("queries.test.tsv", "1\tone");
        write("qrels.test.tsv", "1 0 5 3", "1 0 6 0");

        read();

        assertEquals(List.of(new JudgedQuery("1", "one", Map.of("5", 3, "6", 0))), heldOut);
    }

    @Test
    void namesTheLinesItCannotTake() throws IOException {
        write("queries.train.tsv", "1\tone", "broken");
        write("qrels.train.tsv", "1\t0\t5\t1", "1\t5\t1", "1\t0\t5\tyes", "2\t0\t5\t1");

        read();

        assertEquals(1, train.size());
        assertEquals(4, refusals.count());
        assertTrue(refusals.first()
                .contains(
                        "qrels.train.tsv:2: expected query id, 0, passage id and grade, tab-separated, got 1\\t5\\t1"));
        assertTrue(refusals.first().contains("qrels.train.tsv:3: expected a whole number as grade, got yes"));
        assertTrue(refusals.first().contains("qrels.train.tsv:1: expected query 2 in queries.train.tsv, found none"));
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        assertFalse(new MsMarcoDirectory(directory).exists());
        write("qrels.dev.tsv", "1\t0\t5\t1");

        NoSuchFileException missing = assertThrows(NoSuchFileException.class, this::read);

        assertEquals(directory.resolve("queries.dev.tsv").toString(), missing.getMessage());
    }

    private void read() throws IOException {
        new MsMarcoDirectory(directory).forEachQuery(refusals, train::add, heldOut::add);
    }

    private void write(String name, String... lines) throws IOException {
        Files.write(directory.resolve(name), List.of(lines));
    }
}
