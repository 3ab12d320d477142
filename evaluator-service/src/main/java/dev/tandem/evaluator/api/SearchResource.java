package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.metric.RankingKind;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Search with the champion, any other checkpoint beside it, or BM25. */
@Path("/api/search")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchResource {
    private static final Logger LOG = LoggerFactory.getLogger(SearchResource.class);
    private static final int LONGEST_QUERY = 1_000;
    private static final int MOST_HITS = 100;
    private static final int MOST_AT_ONCE = 4;
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,2}");

    private static final Set<RankingKind> STAGES =
            EnumSet.of(RankingKind.RETRIEVER, RankingKind.RERANKER, RankingKind.FUSED);

    private final Evaluator evaluator;
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);

    public SearchResource(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * The best passages for a query.
     *
     * @param query at most 1,000 characters
     * @param k number of passages, 1 to 100; 10 if not given
     * @param engine champion (BM25 while there is none), challenger or bm25; champion if not given
     * @param checkpoint which challenger; the newest evaluated one beside the champion if not given
     * @param stage by what they are ordered: retriever, reranker or fused; if not given, or untrained, as it is served
     */
    @GET
    public Response search(
            @QueryParam("q") String query,
            @QueryParam("k") String k,
            @QueryParam("engine") String engine,
            @QueryParam("checkpoint") String checkpoint,
            @QueryParam("stage") String stage) {
        try {
            Search.Question question = new Search.Question(query(query), hits(k), stage(stage));
            return Response.ok(answer(engine(engine, checkpoint), checkpoint, question))
                    .build();
        } catch (UnanswerableException e) {
            return Response.status(e.status())
                    .entity(new Refusal(e.getMessage()))
                    .build();
        } catch (RuntimeException | Error e) { // uncaught it would be logged with its address, and so with the query
            LOG.error("A search failed engine={}", engine, e);
            return Response.serverError()
                    .entity(new Refusal("The search failed; the evaluator's log says why"))
                    .build();
        }
    }

    private SearchView answer(String engine, String checkpoint, Search.Question question) {
        if (!room.tryAcquire()) {
            throw new UnanswerableException(503, "Too many searches at once; try again in a moment");
        }
        try {
            return switch (engine) {
                case Search.BM25 -> new Search(evaluator).words(question);
                case Search.CHALLENGER -> new Challenger(evaluator).ask(checkpoint, question);
                default -> new Search(evaluator).champion(question);
            };
        } finally {
            room.release();
        }
    }

    private static String query(String query) {
        return expect(
                query != null && !query.isBlank() && query.length() <= LONGEST_QUERY,
                query,
                "a query q of 1 to %d characters".formatted(LONGEST_QUERY));
    }

    private static int hits(String k) {
        String given = k == null ? "10" : k;
        String expected = "a number of passages k of 1 to %d".formatted(MOST_HITS);
        int hits = Integer.parseInt(expect(NUMBER.matcher(given).matches(), given, expected));
        return expect(hits <= MOST_HITS, hits, expected);
    }

    private static String engine(String engine, String checkpoint) {
        String wanted = engine == null ? Search.CHAMPION : engine;
        expect(Search.ENGINES.contains(wanted), wanted, "an engine of " + String.join(", ", Search.ENGINES));
        return expect(
                checkpoint == null || wanted.equals(Search.CHALLENGER),
                wanted,
                "the engine challenger where a checkpoint is given");
    }

    private static Optional<RankingKind> stage(String stage) {
        return Optional.ofNullable(stage)
                .map(given -> STAGES.stream()
                        .filter(kind -> kind.spec().equals(given))
                        .findFirst()
                        .orElseThrow(() ->
                                new UnanswerableException(400, "Expected a stage of retriever, reranker or fused")));
    }

    private static <T> T expect(boolean isGiven, T value, String expected) {
        if (!isGiven) {
            throw new UnanswerableException(400, "Expected " + expected);
        }
        return value;
    }
}
