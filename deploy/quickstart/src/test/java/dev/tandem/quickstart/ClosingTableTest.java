package dev.tandem.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ClosingTableTest {
    private final JsonMapper json = new JsonMapper();

    @Test
    void showsFromWhatToWhat() throws IOException {
        String text = table("""
                        {"promotions": 2, "bm25": {"mrr@10": 0.5, "ndcg@10": 0.55, "recall@50": 0.9},
                         "first": {"checkpoint": "c1", "retriever": {"mrr@10": 0.25, "ndcg@10": 0.3, "recall@50": 0.6},
                                   "reranker": null, "fused": null},
                         "last": {"checkpoint": "c2", "retriever": {"mrr@10": 0.48, "ndcg@10": 0.5, "recall@50": 0.8},
                                  "reranker": {"mrr@10": 0.55, "ndcg@10": 0.6}, "fused": {"mrr@10": 0.58, "ndcg@10": 0.62}}}
                        """).text();

        String retriever = text.lines()
                .filter(line -> line.startsWith("retriever"))
                .findFirst()
                .orElseThrow();
        assertTrue(retriever.matches("retriever +MRR@10 +0.500 +0.250 +0.480"), retriever);
        String reranker = text.lines()
                .filter(line -> line.startsWith("re-ranker"))
                .findFirst()
                .orElseThrow();
        assertTrue(reranker.matches("re-ranker +MRR@10 +– +0.550"), reranker);
    }

    @Test
    void hasOneLineForAScript() throws IOException {
        String line = table("{\"promotions\": 0, \"bm25\": {\"mrr@10\": 0.5}, \"first\": null, \"last\": null}")
                .json();

        JsonNode parsed = json.readTree(line);
        assertEquals(1, line.lines().count());
        assertEquals(0, parsed.path("promotions").asInt());
        assertEquals(412, parsed.path("seconds").asInt());
        assertTrue(parsed.path("last").isNull());
    }

    private ClosingTable table(String report) throws IOException {
        return new ClosingTable(json.readTree(report), 17_000, 830, 412);
    }
}
