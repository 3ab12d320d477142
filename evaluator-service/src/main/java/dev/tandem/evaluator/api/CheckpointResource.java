package dev.tandem.evaluator.api;

import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.card.Recipe;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.retrieval.Checkpoint;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.checkpoint.CheckpointManifest;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The checkpoints with their numbers, where they come from, and their files. */
@Path("/checkpoints")
@Produces(MediaType.APPLICATION_JSON)
public final class CheckpointResource {
    private static final String CARD = "README.md";
    private static final String MANIFEST = "manifest.json";

    private final Evaluator evaluator;

    public CheckpointResource(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    /** All that were announced, in the order of their announcement. */
    @GET
    public List<CheckpointView> all() {
        History history = evaluator.knowledge().history();
        return history.saved().stream()
                .map(saved -> CheckpointView.of(saved, history.evaluated(saved.id())))
                .toList();
    }

    /** One of them, with lineage, recipe and files. */
    @GET
    @Path("{id}")
    public Response one(@PathParam("id") String id) {
        History history = evaluator.knowledge().history();
        Optional<SavedCheckpoint> saved = history.saved(id);
        if (saved.isEmpty()) {
            return refuse(404, "No such checkpoint was announced; GET /checkpoints lists them");
        }
        try {
            return Response.ok(details(saved.get(), history)).build();
        } catch (IOException e) {
            return refuse(503, "The checkpoint store cannot be reached, try again later: " + e.getMessage());
        }
    }

    private CheckpointDetails details(SavedCheckpoint saved, History history) throws IOException {
        Optional<Checkpoint> stored = stored(saved);
        return new CheckpointDetails(
                CheckpointView.of(saved, history.evaluated(saved.id())),
                history.lineage(saved.id()).stream()
                        .map(CheckpointDetails.Ancestor::of)
                        .toList(),
                history.promotions().stream()
                        .filter(promoted -> promoted.id().equals(saved.id()))
                        .toList(),
                stored.isPresent(),
                stored.isPresent() ? Recipe.of(stored.get().directory()) : Map.of(),
                stored.isPresent() ? files(stored.get()) : List.of());
    }

    /** As it was announced, where its files are at hand: a request does not make the service fetch a model from S3. */
    private Optional<Checkpoint> stored(SavedCheckpoint saved) throws IOException {
        if (!saved.uri().startsWith("file:")) {
            return Optional.empty();
        }
        try {
            return evaluator
                    .store()
                    .find(saved.id())
                    .filter(found -> found.digest().equals(saved.digest()));
        } catch (CheckpointCorruptedException | IllegalArgumentException e) {
            return Optional.empty(); // its evaluation says what is wrong
        }
    }

    private List<CheckpointDetails.FileView> files(Checkpoint checkpoint) throws IOException {
        CheckpointManifest manifest = CheckpointStore.manifest(checkpoint);
        String root = "/checkpoints/" + checkpoint.id() + "/files/";
        List<CheckpointDetails.FileView> files = new ArrayList<>();
        manifest.files()
                .forEach((path, entry) ->
                        files.add(new CheckpointDetails.FileView(path, entry.bytes(), entry.sha256(), root + path)));
        files.add(new CheckpointDetails.FileView(MANIFEST, null, checkpoint.digest(), root + MANIFEST));
        if (evaluator.store().card(checkpoint.id()).isPresent()) {
            files.add(new CheckpointDetails.FileView(CARD, null, null, root + CARD));
        }
        return files;
    }

    /** One file of a checkpoint: what its manifest lists, the manifest, or the model card. */
    @GET
    @Path("{id}/files/{path:.+}")
    @Produces(MediaType.WILDCARD)
    public Response file(@PathParam("id") String id, @PathParam("path") String path) {
        Optional<SavedCheckpoint> saved = evaluator.knowledge().history().saved(id);
        try {
            Optional<Checkpoint> stored = saved.isPresent() ? stored(saved.get()) : Optional.empty();
            if (stored.isPresent() && path.equals(CARD)) {
                return evaluator
                        .store()
                        .card(id)
                        .map(card -> Response.ok(card, "text/markdown; charset=utf-8")
                                .build())
                        .orElseGet(CheckpointResource::noSuchFile);
            }
            if (stored.isEmpty() || !isIn(stored.get(), path)) {
                return noSuchFile();
            }
            java.nio.file.Path file = stored.get().directory().resolve(path);
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    ? Response.ok(file.toFile(), MediaType.APPLICATION_OCTET_STREAM)
                            .build()
                    : noSuchFile();
        } catch (IOException e) {
            return refuse(503, "The checkpoint store cannot be reached, try again later: " + e.getMessage());
        }
    }

    private static boolean isIn(Checkpoint checkpoint, String path) throws IOException {
        return path.equals(MANIFEST)
                || CheckpointStore.manifest(checkpoint).files().containsKey(path);
    }

    private static Response noSuchFile() {
        return refuse(404, "No such file; GET /checkpoints/ID lists those of a checkpoint that is in the store");
    }

    private static Response refuse(int status, String error) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(new Refusal(error))
                .build();
    }
}
