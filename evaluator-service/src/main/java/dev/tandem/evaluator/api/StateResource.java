package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** The state for the dashboard, at once and live; the progress for a launcher, and the report for the end of its run. */
@Path("/")
public final class StateResource {
    private static final Duration TICK = Duration.ofSeconds(1);
    /** A message at least this often, so that both ends notice a broken connection. */
    private static final int MOST_TICKS_SILENT = 15;

    private final Evaluator evaluator;

    public StateResource(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** All that the dashboard shows. */
    @GET
    @Path("api/state")
    @Produces(MediaType.APPLICATION_JSON)
    public StateView state() {
        return StateView.of(evaluator);
    }

    /** The same whenever it has changed, at most once a second. */
    @GET
    @Path("api/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<StateView> live() {
        AtomicReference<List<Object>> sent = new AtomicReference<>(List.of());
        return Multi.createFrom()
                .ticks()
                .every(TICK)
                .onOverflow()
                .drop()
                .filter(tick -> {
                    List<Object> current = fingerprint();
                    return !current.equals(sent.getAndSet(current)) || tick % MOST_TICKS_SILENT == 0;
                })
                .map(tick -> StateView.of(evaluator));
    }

    private List<Object> fingerprint() {
        return List.of(
                evaluator.knowledge().history().revision(),
                evaluator.activity().now(),
                evaluator.knowledge().corpus().version(),
                evaluator.knowledge().heldOut().size(),
                evaluator.knowledge().refusals().total(),
                evaluator.isCaughtUp());
    }

    /** First and last champion on the report queries. */
    @GET
    @Path("api/report")
    @Produces(MediaType.APPLICATION_JSON)
    public ReportView report() {
        return ReportView.of(evaluator.knowledge().history().promotions());
    }

    /** How far the evaluator is. */
    @GET
    @Path("progress")
    @Produces(MediaType.APPLICATION_JSON)
    public ProgressView progress() {
        return ProgressView.of(evaluator);
    }
}
