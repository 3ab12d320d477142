package dev.tandem.trainer.offline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tandem.retrieval.Candidate;
import dev.tandem.retrieval.CandidateList;
import dev.tandem.retrieval.Passage;
import dev.tandem.retrieval.line.CandidateListLine;
import dev.tandem.retrieval.line.Refusals;
import dev.tandem.retrieval.line.TextLines;
import dev.tandem.trainer.TinyTraining;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private final Refusals refusals = new Refusals();
    private final List<Long> offsets = new ArrayList<>();

    @Test
    void tandem() throws IOException {
        List<CandidateList> lists = TinyTraining.lists(3);

        assertEquals(
                lists,
                read(Layout.TANDEM, lists.stream().map(CandidateListLine::write).toList()));
        assertEquals(List.of(0L, 1L, 2L, 3L), offsets);
    }

    @Test
    void rocketQaMakesAListOfConsecutiveRowsOfOneQuery() throws IOException {
        List<CandidateList> lists = read(
                Layout.ROCKETQA,
                List.of(
                        "query\ttitle\tpara\tlabel",
                        "sort\t-\tno\t0",
                        "sort\tArrays\tyes\t1",
                        "sort\t-\tno\t0",
                        "sort\t-\talso\t1",
                        "open\tFiles\topens\t1",
                        "open\tFiles\tcloses\t0\r"));

        assertEquals(List.of("sort", "open"), queries(lists));
        assertEquals(List.of("yes", "no"), texts(lists.get(0)));
        assertEquals("Arrays", lists.get(0).candidates().get(0).passage().title());
        assertEquals("", lists.get(0).candidates().get(1).passage().title());
        assertEquals(Candidate.Role.RETRIEVED, lists.get(0).candidates().get(1).role());
        assertEquals(List.of(1L, 5L), offsets);
        assertEquals(0, refusals.count());
    }

    @Test
    void rocketQaRefusesRowsAndListsByTheirLine() throws IOException {
        List<CandidateList> lists = read(
                Layout.ROCKETQA,
                List.of(
                        "sort\t-\tyes\t1",
                        "sort\t-\tno",
                        "sort\t-\tno\t0",
                        "open\t-\tcloses\t0",
                        "open\t-\treads\t0",
                        "read\t-\treads\t1",
                        "read\t-\twrites\t0"));

        assertEquals(List.of("sort", "read"), queries(lists));
        assertEquals(
                List.of(
                        "file:2: expected query, title, passage and label (0 or 1), tab-separated, got sort\\t-\\tno",
                        "file:4: expected a positive for the query, got none"),
                refusals.first());
    }

    @Test
    void rocketQaRefusesOnceAQueryOfTooManyCharacters() throws IOException {
        String passage = "x".repeat(900_000);
        List<String> rows = new ArrayList<>(List.of("read\t-\treads\t1", "read\t-\twrites\t0"));
        for (int i = 0; i < 20; i++) {
            rows.add(0, "sort\t-\t" + passage + "\t0");
        }

        List<CandidateList> lists = read(Layout.ROCKETQA, rows);

        assertEquals(List.of("read"), queries(lists));
        assertEquals(
                List.of(
                        "file:1: expected at most 1024 rows of one query, of 16777216 characters together, got 20 rows of 18000180"),
                refusals.first());
        assertEquals(20, refusals.count());
    }

    @Test
    void flagEmbedding() throws IOException {
        List<CandidateList> lists = read(
                Layout.FLAG_EMBEDDING,
                List.of(
                        "{\"query\":\"sort\",\"pos\":[\"yes\",\"also\"],\"neg\":[\"no\",\"also\"],\"pos_scores\":[1,0.9],\"neg_scores\":[0.1,0.8]}",
                        "{\"query\":\"open\",\"pos\":[\"opens\"],\"neg\":[]}",
                        "{\"query\":\"read\",\"pos\":[\"reads\"],\"neg\":[\"writes\"],\"neg_scores\":[]}"));

        assertEquals(List.of("sort"), queries(lists));
        assertEquals(List.of("yes", "no"), texts(lists.get(0)));
        assertEquals(
                List.of(
                        "file:2: expected 1 to 1023 negatives that are no positives, got 0",
                        "file:3: expected \"neg_scores\" to be an array of as many scores as passages, 1, got []"),
                refusals.first());
    }

    @Test
    void tevatron() throws IOException {
        List<CandidateList> lists = read(
                Layout.TEVATRON,
                List.of(
                        "{\"query_id\":\"7\",\"query\":\"sort\",\"positive_passages\":[{\"docid\":\"4\",\"title\":\"Arrays\",\"text\":\"yes\"}],\"negative_passages\":[{\"docid\":\"5\",\"text\":\"no\"}]}",
                        "{\"query_id\":8,\"query_text\":\"open\",\"positive_passages\":[{\"docid\":4,\"text\":\"yes\"}],\"negative_passages\":[{\"docid\":\"5\",\"text\":\"no\"}]}",
                        "{\"query_id\":\"9\",\"query\":\"read\",\"positive_passages\":[{\"text\":\"yes\"}],\"negative_passages\":[]}"));

        assertEquals(
                List.of("7", "8"), lists.stream().map(list -> list.query().id()).toList());
        assertEquals(
                new Passage("4", "Arrays", "yes"),
                lists.get(0).candidates().get(0).passage());
        assertEquals(
                List.of("file:3: expected \"docid\" to be an id of 1 to 512 characters, got null"), refusals.first());
    }

    @Test
    void isToldFromTheFirstLine() {
        assertEquals(
                Layout.TANDEM,
                Layout.of(CandidateListLine.write(TinyTraining.lists(1).get(0))));
        assertEquals(Layout.ROCKETQA, Layout.of("sort\tArrays\tsorts\t1"));
        assertEquals(Layout.ROCKETQA, Layout.of("query\ttitle\tpara\tlabel"));
        assertEquals(Layout.FLAG_EMBEDDING, Layout.of("{\"query\":\"sort\",\"pos\":[],\"neg\":[]}"));
        assertEquals(Layout.TEVATRON, Layout.of("{\"query_id\":\"1\",\"positive_passages\":[]}"));

        String message = assertThrows(IllegalArgumentException.class, () -> Layout.of("{\"query\":\"sort\"}"))
                .getMessage();

        assertEquals(
                "expected \"candidates\" (tandem), \"positive_passages\" (tevatron) or \"pos\" (flagembedding), got {\"query\":\"sort\"}",
                message);
    }

    private List<CandidateList> read(Layout layout, List<String> lines) throws IOException {
        byte[] content = String.join("\n", lines).getBytes(UTF_8);
        ListReader reader = layout.reader(new TextLines("file", new ByteArrayInputStream(content), refusals));
        List<CandidateList> lists = new ArrayList<>();
        for (Optional<ListReader.Numbered> next = reader.next(); next.isPresent(); next = reader.next()) {
            lists.add(next.get().list());
            offsets.add(next.get().offset());
        }
        return lists;
    }

    private static List<String> queries(List<CandidateList> lists) {
        return lists.stream().map(list -> list.query().text()).toList();
    }

    private static List<String> texts(CandidateList list) {
        return list.candidates().stream()
                .map(candidate -> candidate.passage().text())
                .toList();
    }
}
