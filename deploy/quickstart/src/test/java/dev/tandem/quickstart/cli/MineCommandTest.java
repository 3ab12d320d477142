package dev.tandem.quickstart.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.quickstart.corpus.BeirDirectory;
import dev.tandem.quickstart.corpus.Corpus;
import dev.tandem.quickstart.corpus.JudgedQuery;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.CandidateList.Kind;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.CompressedFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mines a tiny collection with BM25 and with a tiny random checkpoint. */
class MineCommandTest {
    private static final int PASSAGES = 60;

    @TempDir
    private static Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void prepare() throws IOException {
        List<JudgedQuery> train = new ArrayList<>();
        for (int i = 0; i < PASSAGES; i++) {
            train.add(new JudgedQuery("q" + i, "sort list " + i, Map.of("p" + i, 1, "p" + (i * 7 + 1) % PASSAGES, 1)));
        }
        List<JudgedQuery> heldOut = List.of(new JudgedQuery("h1", "sort  LIST 3", Map.of("p3", 1)));
        new BeirDirectory(directory.resolve("data")).write(new Corpus(TinyModels.passages(PASSAGES), train, heldOut));
        TinyModels.checkpoint(CheckpointStore.in(directory.resolve("store")), TinyModels.tokenizer(directory));
    }

    @Test
    void minesWithBm25WhateverIsNotHeldOutInAnyWording() throws IOException {
        Path file = directory.resolve("bm25/lists.jsonl.zst");

        assertEquals(0, mine("--out", file), err.toString());

        List<CandidateList> lists = read(file);
        assertEquals(PASSAGES - 1, lists.size());
        assertTrue(lists.stream().noneMatch(list -> list.query().text().equals("sort list 3")));
        assertTrue(lists.stream().allMatch(list -> list.kind() == Kind.UNDENOISED));
        assertTrue(lists.stream().allMatch(list -> list.minedBy().equals(CandidateList.BM25)));
        assertTrue(lists.stream().allMatch(list -> list.candidates().size() == 8));
        assertTrue(out.toString().startsWith("59 lists of 59 queries, mined by bm25 from 60 passages"), out.toString());
        assertTrue(out.toString().contains("1 left out, for a held-out query has their text"), out.toString());
        assertTrue(out.toString().contains("| undenoised | 59 (100 %) | positive | 1.00 |"), out.toString());
        assertTrue(err.toString().contains("ETA"), err.toString());
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void minesBothKindsWithACheckpointAsTheSettingsSayAndTheSameAgain() throws IOException {
        Path first = directory.resolve("first.jsonl");
        Path second = directory.resolve("second.jsonl.gz");
        Path other = directory.resolve("other.jsonl");
        Path model = directory.resolve("store/trained");

        assertEquals(0, mine("--model", model, "--out", first, "--limit", 20, "--set", "list-length=5"));
        assertEquals(0, mine("--model", model, "--out", second, "--limit", 20, "--set", "miner.list-length=5"));
        assertEquals(0, mine("--model", model, "--out", other, "--limit", 20, "--set", "seed=2"));

        List<CandidateList> lists = read(first);
        assertEquals(40, lists.size());
        assertEquals(
                20, lists.stream().filter(list -> list.kind() == Kind.DENOISED).count());
        assertTrue(lists.stream().allMatch(list -> list.minedBy().equals("trained")));
        assertTrue(lists.stream().allMatch(list -> list.candidates().size() == 5));
        assertEquals(lists, read(second));
        assertNotEquals(
                lists.stream().map(CandidateList::key).toList(),
                read(other).stream().map(CandidateList::key).toList());
    }

    @Test
    void explainsTheListsOfAQueryByItsIdOrItsText() {
        Path model = directory.resolve("store/trained");

        assertEquals(0, mine("--model", model, "--explain", "q7"), err.toString());
        String byId = out.toString();
        out.getBuffer().setLength(0);
        assertEquals(0, mine("--model", model, "--explain", "Sort list  7"), err.toString());

        assertEquals(byId, out.toString());
        List<String> lines = byId.lines().toList();
        assertEquals("q7: sort list 7", lines.get(0));
        assertEquals("undenoised list, mined by trained, seed 1", lines.get(1));
        assertTrue(lines.get(3).matches(" +0  positive +\\d+ +0\\.\\d{4} +0\\.\\d{4}  p(7|50)"), lines.get(3));
        assertTrue(lines.get(4).matches(" +sort (7|50) open read write list \\d+"), lines.get(4));
        assertTrue(byId.contains("denoised list, mined by trained, seed 1"), byId);
    }

    @Test
    void reportsHowManyNegativesAreRelevant() {
        assertEquals(0, mine("--report"), err.toString());

        assertTrue(
                out.toString().contains("59 queries with several positives; with all but one hidden from the miner,"),
                out.toString());
        assertTrue(
                out.toString().matches("(?s).*undenoised: [1-9]\\d* of 413 negatives are relevant.*"), out.toString());
        assertFalse(out.toString().contains("lists: "), "no file was asked for");
    }

    @Test
    void saysWhatItNeeds() {
        assertEquals(2, mine());
        assertEquals(2, mine("--explain", "q1", "--report"));
        assertEquals(2, mine("--out", "x.jsonl", "--limit", 0));
        assertEquals(2, mine("--out", "x.jsonl", "--set", "list-lenght=3"));
        assertTrue(err.toString().contains("miner.list-lenght"), err.toString());
        assertEquals(2, mine("--out", "x.jsonl", "--set", "list-length=1"));
        assertTrue(err.toString().contains("Expected lists of 2 to 128 passages, got 1"), err.toString());
        assertEquals(1, mine("--out", "x.jsonl", "--split", "dev"));
        assertTrue(err.toString().contains("there are: test, train"), err.toString());
        assertEquals(1, mine("--explain", "q3"));
        assertTrue(err.toString().contains("that is not held out, got q3"), err.toString());
        assertEquals(1, mine("--model", directory.resolve("data"), "--out", "x.jsonl"));
        assertFalse(Files.exists(Path.of("x.jsonl")));
    }

    private int mine(Object... arguments) {
        List<String> all = new ArrayList<>(
                List.of("mine", "--data", directory.resolve("data").toString()));
        Stream.of(arguments).map(Object::toString).forEach(all::add);
        return Tandem.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private static List<CandidateList> read(Path file) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(CompressedFile.open(file), UTF_8))) {
            return lines.lines().map(CandidateListLine::read).toList();
        }
    }
}
