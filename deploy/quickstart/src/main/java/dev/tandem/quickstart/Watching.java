package dev.tandem.quickstart;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.events.CheckpointPromoted;
import dev.tandem.quickstart.feed.PromotionWatch;
import dev.tandem.quickstart.ring.Ring;
import dev.tandem.quickstart.ring.Service;
import java.time.Duration;
import java.util.Optional;

/** Looks at the services once a second, shows where they stand and each promotion, and remembers what they said last. */
final class Watching {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** An announced checkpoint may not have reached the evaluator yet: it is idle if it is so several times in a row. */
    private static final int IDLE_LOOKS = 4;

    private final Ring ring;
    private final PromotionWatch promotions;
    private final Screen screen;
    private Optional<JsonNode> trainer = Optional.empty();
    private String champion = "no champion yet";
    private long lists;
    private long steps;
    private int idleLooks;

    Watching(Ring ring, PromotionWatch promotions, Screen screen) {
        this.ring = ring;
        this.promotions = promotions;
        this.screen = screen;
    }

    /** Takes about a second. */
    void look() {
        promotions.poll(BETWEEN_LOOKS, this::promoted, screen::say);
        Optional<JsonNode> miner = ring.service(Service.MINER).progress();
        Optional<JsonNode> evaluator = ring.service(Service.EVALUATOR).progress();
        if (ring.service(Service.TRAINER).process().isAlive()) {
            trainer = ring.service(Service.TRAINER).progress();
        }
        lists = miner.map(progress -> progress.path("lists").asLong()).orElse(lists);
        steps = trainer.map(progress -> progress.path("step").asLong()).orElse(steps);
        boolean idle = evaluator
                .filter(progress -> progress.path("pending").asLong() == 0
                        && progress.path("evaluating").isNull())
                .isPresent();
        idleLooks = idle ? idleLooks + 1 : 0;
        screen.progress(ProgressLine.of(miner, trainer, evaluator, champion));
    }

    private void promoted(CheckpointPromoted promotion) {
        champion = ProgressLine.champion(promotion);
        screen.say(ProgressLine.promotion(promotion));
    }

    /** Whether the trainer has made the joint steps planned. */
    boolean hasDone(int jointSteps) {
        return trainer.filter(progress -> progress.path("stage").asText().equalsIgnoreCase("joint")
                        && progress.path("stageStep").asLong() >= jointSteps)
                .isPresent();
    }

    /** A last checkpoint has been announced: that the evaluator was idle before says nothing. */
    void expectCheckpoint() {
        idleLooks = 0;
    }

    /** Whether nothing is being evaluated, nor waits to be. */
    boolean evaluatorIsIdle() {
        return idleLooks >= IDLE_LOOKS;
    }

    /** Candidate lists mined so far. */
    long lists() {
        return lists;
    }

    /** Optimizer updates so far. */
    long steps() {
        return steps;
    }
}
