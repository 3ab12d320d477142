package dev.tandem.evaluator.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jakarta.ws.rs.core.Response;
import org.junit.jupiter.api.Test;

class SearchResourceTest {
    /** What it throws, Quarkus logs as an error with the address, which holds the query. */
    @Test
    void answersASearchThatFailsItselfAndDoesNotRepeatTheQuery() {
        SearchResource broken = new SearchResource(null);

        try (Response response = broken.search("why is the zebra striped", null, "bm25", null, null)) {
            assertEquals(500, response.getStatus());
            assertFalse(((Refusal) response.getEntity()).error().contains("zebra"));
        }
    }
}
