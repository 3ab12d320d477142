package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/** Search with the champion, the last challenger, or BM25. */
@Path("/api/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {
    private static final int LONGEST_QUERY = 1_000;
    private static final int MOST_HITS = 100;
    private static final int MOST_AT_ONCE = 4;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,2}");

    private final Search search;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);

    public SearchResource(Evaluator evaluator) {
        this.search = new Search(evaluator);
    }

    /**
     * The best passages for a query.
     *
     * @param query at most 1,000 characters
     * @param k number of passages, 1 to 100; 10 if not given
     * @param engine champion (BM25 while there is none), challenger or bm25; champion if not given
     */
    @GET
    public Response search(
            @QueryParam("q") String query, @QueryParam("k") String k, @QueryParam("engine") String engine) {
        if (query == null || query.isBlank() || query.length() > LONGEST_QUERY) {
            return refuse(400, "Expected a query q of 1 to %d characters".formatted(LONGEST_QUERY));
        }
        Optional<Integer> hits = hits(k);
        if (hits.isEmpty()) {
            return refuse(400, "Expected a number of passages k of 1 to %d".formatted(MOST_HITS));
        }
        String wanted = engine == null ? Search.CHAMPION : engine;
        if (!Search.ENGINES.contains(wanted)) {
            return refuse(400, "Expected an engine of " + String.join(", ", Search.ENGINES));
        }
        if (!room.tryAcquire()) {
            return refuse(503, "Too many searches at once; try again in a moment");
        }
        try {
            return search.run(wanted, query, hits.get())
                    .map(view -> Response.ok(view).build())
                    .orElseGet(() -> refuse(404, "There is no challenger beside the champion"));
        } finally {
            room.release();
        }
    }

    private static Optional<Integer> hits(String k) {
        if (k == null) {
            return Optional.of(10);
        }
        return NUMBER.matcher(k).matches() && Integer.parseInt(k) <= MOST_HITS
                ? Optional.of(Integer.valueOf(k))
                : Optional.empty();
    }

    private static Response refuse(int status, String error) {
        return Response.status(status).entity(new Refusal(error)).build();
    }
}
