package dev.tandem.trainer;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Where training stands, for the launcher and the dashboard. */
@Path("/progress")
public class ProgressResource {
    private final Trainer trainer;

    public ProgressResource(Trainer trainer) {
        this.trainer = trainer;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public TrainingStatus progress() {
        return trainer.status();
    }
}
