package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Access;
import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.Order;
import dev.tandem.evaluator.OrderRefusedException;
import dev.tandem.evaluator.Orders;
import dev.tandem.evaluator.history.PromotedCheckpoint;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which model is live, which were before, and the orders that change it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class PromotionResource {
    private static final String ACTIONS = Arrays.stream(Order.Action.values())
            .map(action -> action.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));

    private final Evaluator evaluator;

    public PromotionResource(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** An order as it comes: what is wrong with it is said in words. */
    public record OrderRequest(String action, String checkpoint, Boolean freeze, String reason, String by) {
        Order order() {
            Order.Action wanted = Arrays.stream(Order.Action.values())
                    .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(action))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("Expected an action of " + ACTIONS));
            return new Order(wanted, checkpoint, freeze, reason, by);
        }
    }

    /** The champion as it was promoted last. */
    @GET
    @Path("champion")
    public Response champion() {
        return evaluator
                .knowledge()
                .history()
                .champion()
                .map(champion -> Response.ok(champion).build())
                .orElseGet(() -> refuse(404, "There is no champion yet; BM25 answers until the first promotion"));
    }

    /** The audit log, oldest first. */
    @GET
    @Path("promotions")
    public List<PromotedCheckpoint> promotions() {
        return evaluator.knowledge().history().promotions();
    }

    /**
     * Promotes by order, rolls back, freezes or unfreezes.
     *
     * @param authorization {@code Bearer} and the token of the configuration
     */
    @POST
    @Path("promotions")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response order(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, OrderRequest request) {
        Optional<Access.Denial> denial = evaluator.access().refusal(authorization);
        if (denial.isPresent()) {
            return Response.status(denial.get().status())
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                    .entity(new Refusal(denial.get().reason()))
                    .build();
        }
        Optional<Orders> orders = evaluator.orders();
        if (orders.isEmpty()) {
            return refuse(503, "The evaluator is reading its topics; try again in a moment");
        }
        if (request == null) {
            return refuse(400, "Expected a JSON object with action, reason and perhaps checkpoint, freeze, by");
        }
        try {
            return Response.ok(orders.get().carryOut(request.order())).build();
        } catch (IllegalArgumentException e) {
            return refuse(400, e.getMessage());
        } catch (OrderRefusedException e) {
            return refuse(409, e.getMessage());
        }
    }

    private static Response refuse(int status, String error) {
        return Response.status(status).entity(new Refusal(error)).build();
    }
}
