package dev.tandem.trainer.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.CompressedFile;
import dev.tandem.trainer.ListSource.Arrival;
import dev.tandem.trainer.TinyTraining;
import dev.tandem.trainer.batch.Origin;
import dev.tandem.trainer.resume.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileListsTest {
    private static final List<CandidateList> LISTS = TinyTraining.lists(9); // 12 lists

    @TempDir
    private Path directory;

    @Test
    void readsFilesOneAfterTheOtherAndGoesOnAnywhere() throws IOException {
        List<ListFile> files = files(
                write("a.jsonl.gz", LISTS.subList(0, 5)), rows("b.tsv"), write("c.jsonl.zst", LISTS.subList(5, 12)));
        List<String> expected = queries(all(new FileLists(files)));
        assertEquals(5 + 2 + 7, expected.size());

        for (int killedAfter = 0; killedAfter <= expected.size(); killedAfter++) {
            FileLists killed = new FileLists(files);
            killed.seek(Position.BEGINNING);
            List<Arrival> arrivals = new ArrayList<>(killed.poll(killedAfter, Duration.ZERO));
            FileLists next = new FileLists(files);
            next.seek(killed.position());
            arrivals.addAll(next.poll(100, Duration.ZERO));

            assertEquals(expected, queries(arrivals));
            assertTrue(next.isAtEnd());
            assertEquals(0, next.lag());
        }
    }

    @Test
    void readsHeldListsAgainFromWhereTheyStand() throws IOException {
        List<ListFile> files = files(write("a.jsonl", LISTS), rows("b.tsv"));
        List<Arrival> arrivals = all(new FileLists(files));
        List<Arrival> held = List.of(arrivals.get(3), arrivals.get(11), arrivals.get(13));
        FileLists lists = new FileLists(files);
        lists.seek(Position.BEGINNING);
        TreeMap<Origin, CandidateList> again = new TreeMap<>();

        lists.readAgain(new TreeSet<>(held.stream().map(Arrival::origin).toList()), again::put);

        assertEquals(held.stream().map(Arrival::origin).toList(), List.copyOf(again.keySet()));
        assertEquals(held.stream().map(arrival -> arrival.list().orElseThrow()).toList(), List.copyOf(again.values()));
        assertFalse(lists.isAtEnd());
    }

    @Test
    void stopsWhereAFileHasChangedMeanwhile() throws IOException {
        Path file = write("a.jsonl", LISTS);
        FileLists lists = new FileLists(files(file));
        lists.seek(Position.BEGINNING);
        Files.writeString(file, "{}");

        String message = assertThrows(UncheckedIOException.class, () -> lists.poll(1, Duration.ZERO))
                .getMessage();

        assertTrue(message.contains("to stay as it was when the run began"), message);
    }

    @Test
    void countsWhatIsRefusedAndStopsWhereItIsTooMuch() throws IOException {
        Path file = write("a.jsonl", LISTS);
        Files.writeString(file, Files.readString(file) + "{\"query\":\"sort\"}\n");

        ListFiles most = ListFiles.read(List.of(file), Optional.empty(), 0.1, () -> {});
        String message = assertThrows(
                        IOException.class, () -> ListFiles.read(List.of(file), Optional.empty(), 0.05, () -> {}))
                .getMessage();

        assertEquals(12, most.lists());
        assertEquals(
                List.of("a.jsonl:13: expected \"candidates\" to be an array of 2 to 1024 elements, got null"),
                most.refusals().first());
        assertTrue(message.startsWith("Expected to refuse at most 5 % of the lines, refused 1 of 13."), message);
        assertTrue(message.endsWith("The first: " + most.refusals().first().get(0)), message);
    }

    @Test
    void givesAFileUpHalfReadWhereItHoldsNoLists() throws IOException {
        Path file = Files.writeString(directory.resolve("a.jsonl"), "{\"candidates\":[]}\n".repeat(30_000));

        String message = assertThrows(
                        IOException.class, () -> ListFiles.read(List.of(file), Optional.empty(), 0.1, () -> {}))
                .getMessage();

        assertTrue(
                message.startsWith("Expected to refuse at most 10 % of the lines, refused 10000 of 10000."), message);
    }

    @Test
    void countsEveryRowOfARefusedList() throws IOException {
        Path file = Files.write(
                directory.resolve("a.tsv"),
                List.of("sort\t-\tyes\t1", "sort\t-\tno\t0", "open\t-\tno\t0", "open\t-\tnever\t0"));

        ListFiles files = ListFiles.read(List.of(file), Optional.empty(), 0.5, () -> {});

        assertEquals(1, files.lists());
        assertEquals(2, files.refusals().count());
    }

    @Test
    void missesAHeldListThatIsNotInTheFile() throws IOException {
        FileLists lists = new FileLists(files(write("a.jsonl", LISTS)));
        TreeSet<Origin> held = new TreeSet<>(List.of(new Origin(0, 3), new Origin(0, 12)));

        String message = assertThrows(IllegalStateException.class, () -> lists.readAgain(held, (origin, list) -> {}))
                .getMessage();

        assertTrue(
                message.startsWith(
                        "Expected all 2 lists that the checkpoint holds, 1 are missing, the first at line 13 of file 1."),
                message);
    }

    @Test
    void asksForTheLayoutWhereTheFirstLineDoesNotTell() throws IOException {
        Path file = Files.writeString(directory.resolve("a.jsonl"), "{\"text\":\"sort\"}\n");

        String message = assertThrows(
                        IOException.class, () -> ListFiles.read(List.of(file), Optional.empty(), 1, () -> {}))
                .getMessage();

        assertTrue(message.startsWith("Cannot tell the layout of " + file), message);
        assertTrue(message.endsWith("Name it by --format."), message);
    }

    private Path write(String name, List<CandidateList> lists) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = CompressedFile.create(file)) {
            for (CandidateList list : lists) {
                out.write((CandidateListLine.write(list) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    private Path rows(String name) throws IOException {
        return Files.write(
                directory.resolve(name),
                List.of("sort\t-\tyes\t1", "sort\t-\tno\t0", "", "broken", "open\t-\tyes\t1", "open\t-\tno\t0"));
    }

    private static List<ListFile> files(Path... paths) throws IOException {
        return ListFiles.read(List.of(paths), Optional.empty(), 0.5, () -> {}).files();
    }

    private static List<Arrival> all(FileLists lists) {
        lists.seek(Position.BEGINNING);
        return lists.poll(100, Duration.ZERO);
    }

    private static List<String> queries(List<Arrival> arrivals) {
        return arrivals.stream()
                .map(arrival -> arrival.list().orElseThrow().query().text() + arrival.key())
                .toList();
    }
}
