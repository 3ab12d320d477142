package dev.tandem.evaluator.api;

import dev.tandem.evaluator.BusyException;
import dev.tandem.evaluator.Evaluator;
import dev.tandem.evaluator.history.Decision;
import dev.tandem.evaluator.history.EvaluatedCheckpoint;
import dev.tandem.evaluator.history.History;
import dev.tandem.evaluator.history.SavedCheckpoint;
import dev.tandem.evaluator.scoring.BrokenModelException;
import dev.tandem.retrieval.checkpoint.CheckpointCorruptedException;
import dev.tandem.retrieval.encoder.InvalidModelException;
import java.io.IOException;
import java.util.Objects;

/** The checkpoint that a search sets beside the champion: the one asked for, else the newest that was evaluated. */
final class Challenger {
    private static final String IN_S3 =
            "Checkpoint %s is in S3 and not in memory, and a search fetches no model; the one evaluated last is in memory until the next promotion or restart";

    private final Evaluator evaluator;
    private final History history;

    Challenger(Evaluator evaluator) {
        this.evaluator = evaluator;
        this.history = evaluator.knowledge().history();
    }

    /**
     * Its best passages.
     *
     * @param wanted checkpoint id; null for the newest evaluated one beside the champion
     * @throws UnanswerableException if there is none, or it cannot be asked
     */
    SearchView ask(String wanted, Search.Question question) {
        SavedCheckpoint saved = wanted == null ? newest() : known(wanted);
        try {
            Search search = new Search(evaluator);
            return evaluator
                    .models()
                    .borrow(saved, model -> search.ask(model, question))
                    .orElseThrow(() -> new UnanswerableException(409, IN_S3.formatted(saved.id())));
        } catch (BusyException e) {
            throw new UnanswerableException(503, e.getMessage());
        } catch (IOException e) {
            throw new UnanswerableException(
                    503, "The checkpoint store cannot be reached, try again later: " + e.getMessage());
        } catch (CheckpointCorruptedException | InvalidModelException | BrokenModelException e) {
            throw new UnanswerableException(
                    409, "Checkpoint %s cannot be asked: %s".formatted(saved.id(), e.getMessage()));
        }
    }

    private SavedCheckpoint newest() {
        return history.evaluated().stream()
                .filter(evaluated ->
                        evaluated.decision() == Decision.PROMOTED || evaluated.decision() == Decision.REJECTED)
                .map(EvaluatedCheckpoint::id)
                .filter(id -> !id.equals(history.championId()))
                .flatMap(id -> history.saved(id).stream())
                .reduce((earlier, later) -> later)
                .orElseThrow(
                        () -> new UnanswerableException(404, "No checkpoint beside the champion was evaluated yet"));
    }

    private SavedCheckpoint known(String id) {
        SavedCheckpoint saved = history.saved(id)
                .orElseThrow(() -> new UnanswerableException(
                        404, "No such checkpoint was announced; GET /checkpoints lists them"));
        if (Objects.equals(id, history.championId())) {
            throw new UnanswerableException(409, "Checkpoint %s is the champion; ask for another one".formatted(id));
        }
        history.evaluated(id)
                .filter(evaluated -> evaluated.decision() == Decision.REFUSED)
                .ifPresent(refused -> {
                    throw new UnanswerableException(
                            409, "Checkpoint %s was refused: %s".formatted(id, refused.reason()));
                });
        return saved;
    }
}
