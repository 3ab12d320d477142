package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.miner.label.ClickCurve;
import dev.tandem.miner.label.ClickEvidence;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.miner.label.LabelDecision;
import dev.tandem.miner.simulation.UserModel;
import dev.tandem.miner.state.JoinedClick;
import dev.tandem.miner.state.Showing;
import dev.tandem.miner.state.Viewer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Labels from simulated users whose judgement is known, by the stores and the policy of the topology; prints precision
 * and recall.
 */
class LabelsOfSimulatedUsersTest {
    private static final ClickCurve CURVE = new ClickCurve(0.3, 0.7);
    private static final int QUERIES = 100;
    private static final int PASSAGES = 20;
    private static final int SHOWN = 10;

    /**
     * Who clicks.
     *
     * @param dwellKnown share of clicks that say how long the user stayed
     * @param bots share of users who click everything they are shown
     */
    record Crowd(String name, UserModel model, double dwellKnown, double bots) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Crowd> crowds() {
        UserModel noisy = new UserModel(0.7, 0.8, 0.15, Duration.ofSeconds(60), Duration.ofSeconds(15));
        UserModel biased = new UserModel(1.2, 0.8, 0.15, Duration.ofSeconds(60), Duration.ofSeconds(15));
        return Stream.of(
                new Crowd("usual users", UserModel.usual(), 1, 0),
                new Crowd("dwell unknown", UserModel.usual(), 0, 0),
                new Crowd("biased and noisy", biased, 0.5, 0),
                new Crowd("noisy with bots", noisy, 0.5, 0.15));
    }

    /** Share of the labels that are right, and share of the relevant passages shown that are labelled. */
    private record Quality(int labels, double precision, double recall) {
        @Override
        public String toString() {
            return "%d | %.3f | %.3f".formatted(labels, precision, recall);
        }
    }

    /** What one user was shown and clicked. */
    private record Visit(String query, Showing showing, List<JoinedClick> clicks) {}

    private final Set<String> relevant = new HashSet<>();
    private final Set<String> relevantShown = new HashSet<>();
    private final List<Visit> visits = new ArrayList<>();

    @ParameterizedTest
    @MethodSource("crowds")
    void arePreciserThanClicks(Crowd crowd) {
        simulate(crowd, new Random(11));

        Quality naive = quality(new ClickPolicy(1, Duration.ZERO, SHOWN, CURVE, 0, 0.95));
        Quality counted = quality(new ClickPolicy(3, Duration.ofSeconds(30), SHOWN, CURVE, 0, 0.95));
        Quality policy = quality(new ClickPolicy(3, Duration.ofSeconds(30), 5, CURVE, 1, 0.95));

        int clicks = visits.stream().mapToInt(visit -> visit.clicks().size()).sum();
        System.out.printf(
                "%s, %d impressions, %d clicks; labels | precision | recall%n"
                        + "  any click             %s%n  three satisfied users %s%n  policy                %s%n",
                crowd, visits.size(), clicks, naive, counted, policy);
        assertTrue(policy.precision() >= 0.95, policy.toString());
        assertTrue(policy.precision() > naive.precision() + 0.3, naive.toString());
        assertTrue(policy.precision() >= counted.precision(), counted.toString());
        assertTrue(policy.recall() >= 0.5, policy.toString());
    }

    /** Two rankers take turns, so that passages are seen at different ranks; both are better than chance, neither is good. */
    private void simulate(Crowd crowd, Random random) {
        for (int query = 0; query < QUERIES; query++) {
            List<String> passageIds = new ArrayList<>();
            for (int i = 0; i < PASSAGES; i++) {
                passageIds.add("p%d-%d".formatted(query, i));
            }
            relevant.addAll(passageIds.subList(0, 1 + random.nextInt(3)));
            List<List<String>> rankings = List.of(ranked(passageIds, random), ranked(passageIds, random));
            int users = 10 + query % 40;
            for (int user = 0; user < users; user++) {
                boolean isBot = random.nextDouble() < crowd.bots;
                ask(crowd, query, (isBot ? "bot" : "user") + user, isBot, rankings.get(user % 2), random);
            }
        }
    }

    private List<String> ranked(List<String> passageIds, Random random) {
        Map<String, Double> scores = new HashMap<>();
        passageIds.forEach(id -> scores.put(id, (relevant.contains(id) ? 1.5 : 0) + random.nextGaussian()));
        return passageIds.stream()
                .sorted(Comparator.comparing(scores::get).reversed())
                .limit(SHOWN)
                .toList();
    }

    private void ask(Crowd crowd, int query, String user, boolean isBot, List<String> shown, Random random) {
        shown.stream().filter(relevant::contains).forEach(relevantShown::add);
        List<UserModel.Click> made = isBot
                ? IntStream.rangeClosed(1, SHOWN)
                        .mapToObj(rank -> new UserModel.Click(shown.get(rank - 1), rank, Duration.ofMinutes(1)))
                        .toList()
                : crowd.model.clicks(shown, relevant::contains, random);
        List<JoinedClick> clicks = new ArrayList<>();
        for (UserModel.Click click : made) {
            Long dwell = random.nextDouble() < crowd.dwellKnown ? click.dwell().toMillis() : null;
            clicks.add(new JoinedClick(click.passageId(), user, dwell, click.rank()));
        }
        visits.add(new Visit("q" + query, new Showing(user, shown), clicks));
    }

    private Quality quality(ClickPolicy policy) {
        Set<String> labelled = labels(policy);
        long right = labelled.stream().filter(relevant::contains).count();
        return new Quality(labelled.size(), (double) right / labelled.size(), (double) right / relevantShown.size());
    }

    private Set<String> labels(ClickPolicy policy) {
        Audience audience = new Audience(policy, store("viewers", StateSerde.of(Viewer.class)));
        Map<String, Map<String, ClickEvidence>> evidence = new HashMap<>();
        for (Visit visit : visits) {
            Map<String, ClickEvidence> ofQuery = evidence.computeIfAbsent(visit.query(), query -> new HashMap<>());
            audience.saw(visit.query(), visit.showing(), ofQuery);
            visit.clicks().forEach(click -> audience.clicked(visit.query(), click, ofQuery));
        }
        Set<String> labels = new HashSet<>();
        evidence.values()
                .forEach(passages -> passages.forEach((passageId, evident) -> {
                    if (policy.decide(evident) == LabelDecision.POSITIVE) {
                        labels.add(passageId);
                    }
                }));
        return labels;
    }

    private static <V> KeyValueStore<String, V> store(String name, Serde<V> values) {
        KeyValueStore<String, V> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
                .withLoggingDisabled()
                .build();
        store.init(new MockProcessorContext<String, String>().getStateStoreContext(), store);
        return store;
    }
}
