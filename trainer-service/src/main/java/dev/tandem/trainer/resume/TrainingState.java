package dev.tandem.trainer.resume;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tandem.trainer.batch.PoolState;
import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a training stands, beside its weights and moments; in each checkpoint as {@code training/state.json}.
 *
 * @param run name of the run, the same in all its checkpoints
 * @param checkpoint id of the checkpoint that holds this state
 * @param parent id of the checkpoint before it in this run, null for the first
 * @param step optimizer updates since the run began
 * @param stage what the next step trains
 * @param stageStep optimizer updates since the stage began
 * @param draws batches drawn since the run began, those of skipped updates included; with the seed it decides what the next
 *     step draws
 * @param lists lists learned from since the run began, repetitions included
 * @param rerankerTrained whether the re-ranker may be asked
 * @param easyEndedAt stage step at which the re-ranker's warm-up went on to the lists' own negatives, -1 before
 * @param recentLosses the re-ranker's losses that decide about that, oldest first
 * @param windows the warm-up's losses that decide whether it is over
 * @param losses mean of each loss term since the checkpoint before
 * @param champion checkpoint whose promotion was last heard of, null for none
 * @param freshestFeedbackAt event time of the newest feedback learned from, milliseconds since 1970, 0 for none
 * @param savedAt when it was saved, milliseconds since 1970
 * @param position how far the lists have been read
 * @param pool which lists are held, and how often each was used
 * @param updates by model, updates its optimizer has made in this stage
 * @param recipe every hyperparameter
 */
public record TrainingState(
        String run,
        String checkpoint,
        String parent,
        long step,
        Stage stage,
        long stageStep,
        long draws,
        long lists,
        boolean rerankerTrained,
        long easyEndedAt,
        List<Double> recentLosses,
        LossWindows windows,
        Map<String, Mean> losses,
        String champion,
        long freshestFeedbackAt,
        long savedAt,
        Position position,
        PoolState pool,
        Map<String, Long> updates,
        TrainingRecipe recipe) {
    private static final String FILE = "training/state.json";
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    public TrainingState {
        requireNonNull(run, "run is null");
        requireNonNull(checkpoint, "checkpoint is null");
        requireNonNull(stage, "stage is null");
        requireNonNull(position, "position is null");
        requireNonNull(pool, "pool is null");
        requireNonNull(recipe, "recipe is null");
        recentLosses = List.copyOf(recentLosses);
        windows = windows == null ? LossWindows.NONE : windows; // in a checkpoint from before there were any
        losses = Collections.unmodifiableMap(new TreeMap<>(losses));
        updates = Collections.unmodifiableMap(new TreeMap<>(updates));
    }

    /** Whether a directory is a checkpoint of a training; an initial directory holds models alone. */
    public static boolean isIn(Path checkpoint) {
        return Files.exists(checkpoint.resolve(FILE));
    }

    /** Reads the state of a checkpoint. */
    public static TrainingState read(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(FILE);
        try {
            return JSON.readValue(file.toFile(), TrainingState.class);
        } catch (JsonProcessingException e) {
            throw new IOException(
                    "Expected the state of a training in %s: %s. Delete this checkpoint to go on from the one before."
                            .formatted(file, e.getOriginalMessage()),
                    e);
        }
    }

    /** Writes the state into a checkpoint. */
    public void write(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(FILE);
        Files.createDirectories(file.getParent());
        JSON.writeValue(file.toFile(), this);
    }
}
