package dev.tandem.miner;

import dev.tandem.events.KafkaSettings;
import dev.tandem.events.Topics;
import java.io.IOException;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.streams.KafkaStreams;

/**
 * The topology alone, as the miner runs it, in a process of its own until its input ends.
 *
 * <pre>
 * TopologyProcess BOOTSTRAP_SERVERS STATE_DIRECTORY
 * </pre>
 */
final class TopologyProcess {
    private TopologyProcess() {}

    public static void main(String[] arguments) throws IOException {
        Logger.getLogger("").setLevel(Level.WARNING);
        MinerConfig config = MinerConfig.of(Map.of("miner.state-dir", arguments[1]));
        MinerTopology topology = new MinerTopology(
                new Topics(),
                new JoinWindow(config.clicks().window(), config.clicks().grace()),
                config.asRules(),
                new FeedbackCounts());
        try (KafkaStreams streams =
                new KafkaStreams(topology.build(), Miner.properties(config, KafkaSettings.at(arguments[0])))) {
            streams.start();
            while (System.in.read() >= 0) { // until the parent closes it, or dies
            }
        }
    }
}
