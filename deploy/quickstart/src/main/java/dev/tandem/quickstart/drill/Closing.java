package dev.tandem.quickstart.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tandem.events.CheckpointSaved;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import dev.tandem.trainer.resume.TrainingState;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** The end of a drill: lets what was sent come to rest, then goes through the books. */
final class Closing {
    private static final Duration TO_REST = Duration.ofMinutes(5);

    private final Ring ring;
    private final Books books;
    private final Ledger ledger;
    private final BookKeeping keeping;

    Closing(Ring ring, Books books, Ledger ledger, BookKeeping keeping) {
        this.ring = ring;
        this.books = books;
        this.ledger = ledger;
        this.keeping = keeping;
    }

    /**
     * What the audit has found.
     *
     * @param lost events without effect, by the fault during which they were sent
     */
    record Audit(List<Check> checks, Map<FaultKind, Long> lost) {
        Audit {
            checks = List.copyOf(checks);
        }
    }

    /** Nothing is sent any more. */
    Audit audit() throws IOException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        checks.add(rests("the trainer has come to its last poison", this::trainerHasRefused));
        ring.stop(Service.TRAINER);
        keeping.awaitEnd(TO_REST);
        checks.add(rests("every checkpoint is decided", this::evaluatorIsIdle));
        checks.add(rests("the miner has caught up", this::minerRests));
        JsonNode miner = progress(Service.MINER);
        JsonNode evaluator = progress(Service.EVALUATOR);
        keeping.awaitEnd(TO_REST);
        CheckpointStore store = CheckpointStore.in(ring.checkpoints());
        FeedbackAudit feedback = new FeedbackAudit(books, ledger, miner);
        checks.addAll(feedback.checks());
        checks.addAll(new ListAudit(books, miner, last(store)).checks());
        checks.addAll(new CheckpointAudit(books, store, miner, evaluator).checks());
        Map<FaultKind, Long> lost = new EnumMap<>(FaultKind.class);
        feedback.lost().stream()
                .filter(entry -> entry.during() != null)
                .forEach(entry -> lost.merge(entry.during(), 1L, Long::sum));
        return new Audit(checks, lost);
    }

    /** As long as it trains there are new checkpoints, and new lists for it: what was sent to it is all that can be waited for. */
    private boolean trainerHasRefused() {
        Set<Books.Letter> letters = books.letters().keySet();
        return ledger.entries().stream()
                .flatMap(entry -> Poison.letters(entry).stream())
                .filter(letter -> letter.service().equals("trainer"))
                .allMatch(letters::contains);
    }

    private static Check rests(String what, BooleanSupplier condition) throws InterruptedException {
        return Pause.until(TO_REST, condition)
                ? new Check(what, 1, 0, "")
                : new Check(what, 1, 1, "not within %d s".formatted(TO_REST.toSeconds()));
    }

    /** It goes on mining again after a promotion when all feedback has had its effect. */
    private boolean minerRests() {
        JsonNode miner = progress(Service.MINER);
        return miner.path("caughtUp").asBoolean()
                && !miner.path("remining").path("running").asBoolean();
    }

    private boolean evaluatorIsIdle() {
        return books.checkpoints()
                .decisions()
                .keySet()
                .containsAll(books.checkpoints().announced().keySet());
    }

    private JsonNode progress(Service service) {
        return ring.service(service).progress().orElse(MissingNode.getInstance());
    }

    private TrainingState last(CheckpointStore store) throws IOException {
        List<CheckpointSaved> newest = books.checkpoints().announced().values().stream()
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new IOException("No checkpoint was ever announced; see the logs in " + ring.logs()));
        CheckpointSaved saved = newest.get(0);
        return TrainingState.read(
                store.open(URI.create(saved.getUri()), saved.getDigest()).directory());
    }
}
