package dev.tandem.quickstart.corpus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeirDirectoryTest {
    @TempDir
    private Path directory;

    private final Refusals refusals = new Refusals();

    @BeforeEach
    void writeASmallCorpus() throws IOException {
        write("corpus.jsonl", "{\"_id\":\"p1\",\"title\":\"T\",\"text\":\"one\"}", "{\"_id\":\"p2\",\"text\":\"two\"}");
        write("queries.jsonl", "{\"_id\":\"q1\",\"text\":\"first?\"}", "{\"_id\":\"q2\",\"text\":\"second?\"}");
        write("qrels/train.tsv", "query-id\tcorpus-id\tscore", "q1\tp1\t1");
        write("qrels/test.tsv", "query-id\tcorpus-id\tscore", "q2\tp2\t2");
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Corpus corpus = new Corpus(
                List.of(new Passage("a", "Title", "text\nwith \"quotes\""), new Passage("b", "", "ünïcode")),
                List.of(new JudgedQuery("q1", "first", Map.of("a", 1))),
                List.of(new JudgedQuery("q2", "second", Map.of("a", 2, "b", 0))));
        BeirDirectory written = new BeirDirectory(directory.resolve("written"));

        written.write(corpus);

        assertTrue(written.exists());
        assertEquals(corpus, written.read(refusals));
        assertEquals(0, refusals.count());
    }

    @Test
    void readsPassagesWithoutAnyQuery() throws IOException {
        BeirDirectory alone = new BeirDirectory(Files.createDirectories(directory.resolve("alone")));
        Files.copy(directory.resolve("corpus.jsonl"), directory.resolve("alone/corpus.jsonl"));

        assertFalse(alone.hasJudgements());
        assertTrue(new BeirDirectory(directory).hasJudgements());
        assertEquals(
                new Corpus(List.of(new Passage("p1", "T", "one"), new Passage("p2", "", "two")), List.of(), List.of()),
                alone.readPassages(refusals));
        assertThrows(IOException.class, () -> alone.read(refusals));
    }

    @Test
    void refusesALineItCannotTakeAndGoesOn() throws IOException {
        write(
                "corpus.jsonl",
                "{\"_id\":\"p1\",\"text\":\"one\"}",
                "not json",
                "",
                "{\"_id\":\"p1\",\"text\":\"again\"}",
                "{\"_id\":\"\",\"text\":\"no id\"}",
                "{\"_id\":\"p3\",\"text\":\"  \"}",
                "{\"_id\":\"p4\"}",
                "[1,2]",
                "{\"_id\":\"p5\",\"text\":\"five\"} {}",
                "{\"_id\":6,\"text\":\"six\",\"metadata\":{}}",
                "{\"_id\":\"p2\",\"text\":\"two\"}");

        Corpus corpus = new BeirDirectory(directory).read(refusals);

        assertEquals(
                List.of("p1", "6", "p2"),
                corpus.passages().stream().map(Passage::id).toList());
        assertEquals(7, refusals.count());
        assertTrue(
                refusals.first().get(0).startsWith("corpus.jsonl:2: expected one JSON object per line, got not json"));
        assertEquals(
                "corpus.jsonl:4: passage p1 stands in the file already",
                refusals.first().get(1));
    }

    @Test
    void refusesJudgementsOfWhatIsNotThere() throws IOException {
        write("qrels/train.tsv", "q1\tp1\t1", "q9\tp1\t1", "q1\tp9\t1", "q1\tp1", "q1\tp2\tmuch", "q2\tp1\t1");

        Corpus corpus = new BeirDirectory(directory).read(refusals);

        assertEquals(List.of(new JudgedQuery("q1", "first?", Map.of("p1", 1))), corpus.train());
        assertEquals(5, refusals.count());
    }

    @Test
    void aQueryOfBothSplitsIsHeldOut() throws IOException {
        write("qrels/train.tsv", "q1\tp1\t1", "q2\tp1\t1");

        Corpus corpus = new BeirDirectory(directory).read(refusals);

        assertEquals(List.of("q1"), corpus.train().stream().map(JudgedQuery::id).toList());
        assertEquals(
                List.of("q2"), corpus.heldOut().stream().map(JudgedQuery::id).toList());
    }

    @Test
    void refusesLinesThatAreTooLongOrNoText() throws IOException {
        Files.write(
                directory.resolve("corpus.jsonl"),
                ("{\"_id\":\"p0\",\"text\":\"" + "x".repeat(TextLines.MOST_BYTES) + "\"}\n").getBytes(UTF_8));
        Files.write(directory.resolve("queries.jsonl"), new byte[] {'{', '"', (byte) 0xC3, '"', '}', '\n'});

        Corpus corpus = new BeirDirectory(directory).read(refusals);

        assertEquals(List.of(), corpus.passages());
        assertTrue(refusals.first().get(0).startsWith("corpus.jsonl:1: expected at most"));
        assertEquals(
                "queries.jsonl:1: expected UTF-8, got bytes that are none",
                refusals.first().get(1));
    }

    @Test
    void saysWhichFileIsMissing() throws IOException {
        Files.delete(directory.resolve("queries.jsonl"));

        IOException e = assertThrows(IOException.class, () -> new BeirDirectory(directory).read(refusals));

        assertTrue(e.getMessage().contains("queries.jsonl"), e.getMessage());
    }

    private void write(String name, String... lines) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines), UTF_8);
    }
}
