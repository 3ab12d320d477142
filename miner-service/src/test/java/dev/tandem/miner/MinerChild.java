package dev.tandem.miner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tandem.events.KafkaSettings;
import dev.tandem.retrieval.checkpoint.CheckpointStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The whole miner, as its application starts it, in a process of its own that answers each line on its input with where it
 * stands, and ends with its input.
 *
 * <pre>
 * MinerChild BOOTSTRAP_SERVERS DIRECTORY
 * </pre>
 */
final class MinerChild {
    /** What an answer begins with. */
    static final String ANSWER = "answer ";

    static final String CAUGHT_UP = "caught-up";

    private MinerChild() {}

    public static void main(String[] arguments) throws IOException {
        Logger.getLogger("").setLevel(Level.WARNING);
        PrintStream answers = System.out;
        System.setOut(System.err); // the log's
        Path directory = Path.of(arguments[1]);
        MinerConfig config = MinerConfig.of(
                Map.of("miner.state-dir", directory.resolve("state").toString()));
        CheckpointStore store = CheckpointStore.in(directory.resolve("store"));
        try (Miner miner = new Miner(config, store, KafkaSettings.at(arguments[0]));
                BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
            miner.start();
            while (questions.readLine() != null) {
                answers.println(ANSWER + answer(miner));
            }
        }
    }

    /** Whether it is caught up, and every count: name=number, separated by blanks. */
    private static String answer(Miner miner) {
        String counts = counted().stream()
                .map(name -> name + "=" + miner.counts().of(name))
                .collect(Collectors.joining(" "));
        return "%s=%d %s".formatted(CAUGHT_UP, miner.isCaughtUp() ? 1 : 0, counts);
    }

    /** Fates of clicks, of which each click has one. */
    static Set<String> fatesOfClicks() {
        Set<String> fates = new TreeSet<>(FeedbackCounts.FATES_OF_CLICKS);
        fates.add(FeedbackCounts.refused("clicks"));
        return fates;
    }

    private static Set<String> counted() {
        Set<String> names = new TreeSet<>(fatesOfClicks());
        names.addAll(FeedbackCounts.FATES_OF_IMPRESSIONS);
        names.add(FeedbackCounts.refused("queries"));
        IntStream.rangeClosed(1, FeedbackCounts.RANKS)
                .forEach(rank -> names.addAll(Set.of(FeedbackCounts.shown(rank), FeedbackCounts.clickedAt(rank))));
        return names;
    }
}
