package dev.tandem.miner;

import static org.awaitility.Awaitility.await;

import dev.tandem.events.EmbeddedBroker;
import dev.tandem.events.KafkaSettings;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A miner whose place in its group was taken, as happens when its broker is killed soon after it has joined. */
class FencedMinerIT {
    /** Much less than the five minutes that a group waits for a member that does not come. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void takesItsPlaceAgain(@TempDir Path directory) {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"));
                Miner miner = miner(broker.kafka(), directory.resolve("one"))) {
            miner.start();
            await().atMost(PATIENCE).until(miner::isCaughtUp);

            try (Miner other = miner(broker.kafka(), directory.resolve("other"))) { // by mistake with the same instance
                other.start();
                await().atMost(PATIENCE).until(() -> !miner.isReady());
            }

            await().atMost(PATIENCE).until(miner::isCaughtUp);
        }
    }

    private static Miner miner(KafkaSettings kafka, Path directory) {
        MinerConfig config = MinerConfig.of(
                Map.of("miner.state-dir", directory.resolve("state").toString()));
        return new Miner(config, CheckpointStore.in(directory.resolve("store")), kafka);
    }
}
