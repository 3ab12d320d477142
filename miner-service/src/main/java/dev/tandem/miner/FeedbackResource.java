package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.registry.RegistryException;
import dev.tandem.miner.FeedbackSending.Receipt;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Passages, queries and clicks over HTTP, for those who have no Kafka client: one JSON object per line. */
@Path("/")
@Consumes({"application/x-ndjson", "application/jsonl", MediaType.APPLICATION_JSON, MediaType.TEXT_PLAIN})
@Produces(MediaType.APPLICATION_JSON)
public class FeedbackResource {
    private static final int UNPROCESSABLE = 422;

    private final FeedbackSending sending;
    private final FeedbackRecords records;
    private final Optional<String> token;

    FeedbackResource(FeedbackSending sending, FeedbackRecords records, MinerConfig config) {
        this.sending = sending;
        this.records = records;
        this.token = config.token();
    }

    @POST
    @Path("passages")
    public Response passages(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, InputStream body) {
        return take(authorization, body, records::passage);
    }

    @POST
    @Path("queries")
    public Response queries(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, InputStream body) {
        return take(authorization, body, records::query);
    }

    @POST
    @Path("clicks")
    public Response clicks(@HeaderParam(HttpHeaders.AUTHORIZATION) String authorization, InputStream body) {
        return take(authorization, body, records::click);
    }

    private Response take(
            String authorization, InputStream body, Function<String, ProducerRecord<String, byte[]>> reader) {
        if (token.isEmpty()) {
            return refused(
                    Response.Status.FORBIDDEN, "This miner takes no feedback over HTTP: set miner.token to open it");
        }
        if (authorization == null || !isToken(authorization)) {
            return refused(
                    Response.Status.UNAUTHORIZED, "Expected the header Authorization: Bearer, with miner.token behind");
        }
        try {
            return answer(sending.send(body, reader));
        } catch (RegistryException e) {
            return refused(Response.Status.SERVICE_UNAVAILABLE, e.getMessage());
        } catch (KafkaException e) {
            return refused(Response.Status.SERVICE_UNAVAILABLE, "No broker answers: " + e.getMessage());
        } catch (IOException e) {
            return refused(Response.Status.BAD_REQUEST, "The body cannot be read to its end: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused(Response.Status.SERVICE_UNAVAILABLE, "The miner stops; send it all again");
        }
    }

    /** Compared in a time that does not tell how much of it was right. */
    private boolean isToken(String authorization) {
        return MessageDigest.isEqual(authorization.getBytes(UTF_8), ("Bearer " + token.orElseThrow()).getBytes(UTF_8));
    }

    private static Response answer(Receipt receipt) {
        if (receipt.undelivered() > 0) {
            return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                    .entity(receipt)
                    .build();
        }
        boolean isAllRefused = receipt.accepted() == 0 && receipt.refused() > 0;
        return Response.status(isAllRefused ? UNPROCESSABLE : 200)
                .entity(receipt)
                .build();
    }

    private static Response refused(Response.Status status, String reason) {
        return Response.status(status).entity(Map.of("error", reason)).build();
    }
}
