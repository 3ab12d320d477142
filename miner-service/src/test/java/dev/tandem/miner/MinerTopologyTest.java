package dev.tandem.miner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tandem.events.ClickRecorded;
import dev.tandem.events.DeadLetters;
import dev.tandem.events.Judgement;
import dev.tandem.events.Label;
import dev.tandem.events.LabelSource;
import dev.tandem.events.LabelledQuery;
import dev.tandem.events.QueryHeldOut;
import dev.tandem.events.QueryRecorded;
import dev.tandem.events.QueryUse;
import dev.tandem.events.Topics;
import dev.tandem.miner.label.ClickCurve;
import dev.tandem.miner.label.ClickPolicy;
import dev.tandem.miner.state.ClickedPassage;
import dev.tandem.miner.state.QueryState;
import dev.tandem.retrieval.QueryKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MinerTopologyTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final JoinWindow WINDOW = new JoinWindow(Duration.ofMinutes(30), Duration.ofMinutes(5));
    private static final double HELD_OUT_SHARE = 0.1;

    @TempDir
    private Path directory;

    private final Topics topics = new Topics();
    private final FeedbackCounts counts = new FeedbackCounts();
    private double unlabelledShare;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> queries;
    private TestInputTopic<byte[], byte[]> clicks;
    private TestOutputTopic<String, LabelledQuery> labelled;
    private TestOutputTopic<String, QueryHeldOut> heldOut;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        ClickPolicy policy = new ClickPolicy(3, Duration.ofSeconds(30), 5, new ClickCurve(0.3, 0.7), 1, 0.95);
        driver = new TopologyTestDriver(
                new MinerTopology(topics, WINDOW, new LabelRules(policy, HELD_OUT_SHARE, unlabelledShare), counts)
                        .build(),
                properties,
                NOON);
        queries = driver.createInputTopic("queries", new ByteArraySerializer(), new ByteArraySerializer());
        clicks = driver.createInputTopic("clicks", new ByteArraySerializer(), new ByteArraySerializer());
        labelled = driver.createOutputTopic(
                "labelled-queries",
                new StringDeserializer(),
                topics.labelledQueries().serde().deserializer());
        heldOut = driver.createOutputTopic(
                "held-out-queries",
                new StringDeserializer(),
                topics.heldOutQueries().serde().deserializer());
        deadLetters =
                driver.createOutputTopic("dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void takesJudgementsAsTheyAre() {
        send(judged(
                "q1", "Split a String", NOON, new Judgement("p1", 2), new Judgement("p2", 0), new Judgement("p3", -2)));

        LabelledQuery query = labelled.readValue();

        assertEquals(QueryKey.of("split a string").value(), query.getQueryKey());
        assertEquals(
                List.of(
                        new Label("p1", 2, LabelSource.JUDGED),
                        new Label("p2", 0, LabelSource.JUDGED),
                        new Label("p3", -2, LabelSource.JUDGED)),
                query.getLabels());
        assertEquals(NOON, query.getFreshestFeedbackAt());
        assertFalse(query.getHeldOut());
    }

    @Test
    void mergesJudgementsOfOneTextAndTheNewestWins() {
        send(judged("q1", "split a string", NOON, new Judgement("p1", 1), new Judgement("p2", 1)));
        send(judged("q2", "Split  a STRING", NOON.plusSeconds(60), new Judgement("p1", 0), new Judgement("p3", 1)));
        send(judged("q3", "split a string", NOON.minusSeconds(60), new Judgement("p3", 0)));

        List<LabelledQuery> all = labelled.readValuesToList();

        LabelledQuery last = all.get(all.size() - 1);
        assertEquals(2, all.size());
        assertEquals("q2", last.getQueryId());
        assertEquals(
                List.of(
                        new Label("p1", 0, LabelSource.JUDGED),
                        new Label("p2", 1, LabelSource.JUDGED),
                        new Label("p3", 1, LabelSource.JUDGED)),
                last.getLabels());
    }

    @Test
    void saysNothingTwiceWhenTheSameRecordingComesTwice() {
        QueryRecorded query = judged("q1", "split a string", NOON, new Judgement("p1", 1));
        send(query);
        send(query);

        assertEquals(1, labelled.readValuesToList().size());
    }

    @Test
    void makesALabelOfThreeUsersWhoStayed() {
        send(shown("q1", "split a string", NOON, "p1", "p2"));

        send(click("c1", "q1", "p2", "ann", 31_000L, NOON.plusSeconds(10)));
        send(click("c2", "q1", "p2", "bob", null, NOON.plusSeconds(20)));
        assertTrue(labelled.isEmpty());
        send(click("c3", "q1", "p2", "cyd", 30_000L, NOON.plusSeconds(30)));

        LabelledQuery query = labelled.readValue();
        assertEquals(List.of(new Label("p2", 1, LabelSource.CLICKS)), query.getLabels());
        assertEquals(NOON.plusSeconds(30), query.getFreshestFeedbackAt());
        assertEquals(3, counts.of(FeedbackCounts.ACCEPTED));
    }

    @Test
    void gathersUsersOverAllRecordingsOfOneText() {
        for (int i = 1; i <= 3; i++) {
            send(shown("q" + i, "split a string", NOON.plusSeconds(i), "p1"));
            send(click("c" + i, "q" + i, "p1", "user" + i, null, NOON.plusSeconds(10 + i)));
        }

        assertEquals(
                List.of(new Label("p1", 1, LabelSource.CLICKS)),
                labelled.readValue().getLabels());
    }

    @Test
    void keepsShortVisitsAndRepeatedUsersWeak() {
        send(shown("q1", "split a string", NOON, "p1"));

        send(click("c1", "q1", "p1", "ann", 29_999L, NOON.plusSeconds(1)));
        send(click("c2", "q1", "p1", "bob", 40_000L, NOON.plusSeconds(2)));
        send(click("c3", "q1", "p1", "bob", 50_000L, NOON.plusSeconds(3)));
        send(click("c4", "q1", "p1", "cyd", 60_000L, NOON.plusSeconds(4)));

        assertTrue(labelled.isEmpty());
        assertEquals(3, counts.of(FeedbackCounts.ACCEPTED));
        assertEquals(1, counts.of(FeedbackCounts.REPEATED));
    }

    @Test
    void countsAUserWhoComesBackAndStaysOnce() {
        send(shown("q1", "split a string", NOON, "p1"));

        send(click("c1", "q1", "p1", "ann", 1_000L, NOON.plusSeconds(1)));
        send(click("c2", "q1", "p1", "ann", 90_000L, NOON.plusSeconds(2)));
        send(click("c3", "q1", "p1", "bob", null, NOON.plusSeconds(3)));
        assertTrue(labelled.isEmpty());
        send(click("c4", "q1", "p1", "cyd", null, NOON.plusSeconds(4)));

        assertEquals(1, labelled.readValuesToList().size());
    }

    @Test
    void takesALabelBackWhenImpressionsShowThatTheRankExplainsTheClicks() {
        for (int i = 1; i <= 3; i++) {
            send(shownTo("user" + i, "q" + i, "split a string", NOON.plusSeconds(i), "p1"));
            send(click("c" + i, "q" + i, "p1", "user" + i, null, NOON.plusSeconds(10 + i)));
        }
        assertEquals(1, labelled.readValue().getLabels().size());

        for (int i = 4; i <= 9; i++) {
            send(shownTo("user" + i, "q" + i, "split a string", NOON.plusSeconds(i), "p1"));
        }

        assertEquals(List.of(), labelled.readValue().getLabels()); // 3 of 9 at the top, where 2.7 are expected
        assertTrue(labelled.isEmpty());
    }

    @Test
    void takesAHeldOutQueryBackWithItsLastLabel() {
        send(shown("q0", "clicked only", NOON, QueryUse.HELD_OUT, "p1"));
        for (int i = 1; i <= 3; i++) {
            send(click("c" + i, "q0", "p1", "user" + i, null, NOON.plusSeconds(i)));
        }
        assertEquals(1, heldOut.readValue().getJudgements().size());

        IntStream.range(0, 20)
                .forEach(i -> send(shownTo("other" + i, "i" + i, "clicked only", NOON.plusSeconds(i), "p1")));

        assertNull(heldOut.readKeyValue().value);
    }

    @Test
    void countsTheBestRankOfAPassageOncePerUser() {
        for (int i = 1; i <= 3; i++) {
            for (int visit = 0; visit < 10; visit++) {
                String id = "q" + i + "-" + visit;
                send(shownTo("user" + i, id, "split a string", NOON.plusSeconds(visit), "p1"));
            }
            send(click("c" + i, "q" + i + "-9", "p1", "user" + i, null, NOON.plusSeconds(20)));
        }

        assertEquals(
                List.of(new Label("p1", 1, LabelSource.CLICKS)),
                labelled.readValue().getLabels());
        assertEquals(30, counts.of(FeedbackCounts.IMPRESSION));
    }

    @Test
    void countsTheSameRecordingOnceAndALateOneNever() {
        QueryRecorded impression = shownTo("ann", "q1", "split a string", NOON, "p1");
        send(impression);
        send(impression);
        send(shown("q2", "another", NOON.plus(Duration.ofMinutes(36)), "p1"));
        send(shownTo("bob", "q3", "split a string", NOON, "p1"));

        assertEquals(2, counts.of(FeedbackCounts.IMPRESSION));
        assertEquals(1, counts.of(FeedbackCounts.REPEATED_IMPRESSION));
        assertEquals(1, counts.of(FeedbackCounts.LATE_IMPRESSION));
    }

    @Test
    void goesOnWhenMorePassagesAreShownThanItKeeps() {
        send(shownTo("bot", "q-bot", "split a string", NOON, "p1", "b2", "b3", "b4", "b5", "b6"));
        for (int i = 0; i < 15; i++) {
            String page = "x" + i + "-";
            String[] shown = IntStream.range(0, 100).mapToObj(n -> page + n).toArray(String[]::new);
            send(shownTo("reader" + i, "a" + i, "split a string", NOON, shown));
            send(shownTo("reader" + i, "b" + i, "split a string", NOON, shown));
            send(shownTo("ann", "c" + i, "split a string", NOON, shown));
        }
        for (String passageId : List.of("p1", "b2", "b3", "b4", "b5", "b6")) {
            send(click("bot-" + passageId, "q-bot", passageId, "bot", null, NOON.plusSeconds(2)));
        }
        for (int i = 1; i <= 3; i++) {
            send(shownTo("user" + i, "q" + i, "split a string", NOON, "p0", "p1"));
            send(click("c" + i, "q" + i, "p1", "user" + i, null, NOON.plusSeconds(3)));
        }

        assertEquals(1, counts.of(FeedbackCounts.MACHINE));
        assertEquals(List.of(new Label("p1", 1, LabelSource.CLICKS)), lastLabels());
        QueryState state = (QueryState) driver.getKeyValueStore(Labelling.LABELS)
                .get(QueryKey.of("split a string").value());
        assertEquals(Audience.MOST_PASSAGES, state.getClicked().size());
    }

    @Test
    void takesEverythingBackThatAMachineAdded() {
        String[] shown = {"p1", "p2", "p3", "p4", "p5", "p6"};
        for (String user : List.of("ann", "bob", "bot")) {
            send(shownTo(user, "q-" + user, "split a string", NOON, shown));
            send(click("c-" + user, "q-" + user, "p2", user, null, NOON.plusSeconds(1)));
        }
        assertEquals(1, labelled.readValue().getLabels().size());

        for (String passageId : List.of("p1", "p3", "p4", "p5")) {
            send(click("bot-" + passageId, "q-bot", passageId, "bot", null, NOON.plusSeconds(2)));
        }
        assertTrue(labelled.isEmpty());
        send(click("bot-p6", "q-bot", "p6", "bot", null, NOON.plusSeconds(3)));

        assertEquals(List.of(), labelled.readValue().getLabels());
        assertEquals(1, counts.of(FeedbackCounts.MACHINE));
        send(click("bot-again", "q-bot", "p2", "bot", null, NOON.plusSeconds(4)));
        assertEquals(2, counts.of(FeedbackCounts.MACHINE));
        assertTrue(labelled.isEmpty());
    }

    @Test
    void reachesTheSameLabelsInWhateverOrderFeedbackComes() {
        List<Runnable> feedback = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 40; i++) {
            String user = "user" + i % 25;
            String id = "q" + i;
            String[] order = i % 2 == 0 ? new String[] {"p1", "p2", "p3"} : new String[] {"p3", "p1", "p2"};
            feedback.add(() -> send(shownTo(user, id, "split a string", NOON, order)));
            String passageId = random.nextInt(3) == 0 ? "p1" : "p2";
            Long dwell = random.nextBoolean() ? 5_000L : null;
            feedback.add(() -> send(click("c" + id, id, passageId, user, dwell, NOON.plusSeconds(1))));
        }
        feedback.forEach(Runnable::run);
        List<Label> inOrder = lastLabels();

        Collections.shuffle(feedback, random);
        restart();
        feedback.forEach(Runnable::run);

        assertEquals(List.of(new Label("p2", 1, LabelSource.CLICKS)), inOrder);
        assertEquals(inOrder, lastLabels());
    }

    @Test
    void tellsClicksPerImpressionByRank() {
        send(shownTo("ann", "q1", "split a string", NOON, "p1", "p2"));
        send(shownTo("bob", "q2", "join strings", NOON, "p3"));
        send(click("c1", "q1", "p1", "ann", null, NOON.plusSeconds(1)));

        assertEquals(List.of(0.5, 0.0, 0.0), counts.clicksPerImpression().subList(0, 3));
    }

    @Test
    void joinsAClickThatCameBeforeItsQuery() {
        for (int i = 1; i <= 3; i++) {
            send(click("c" + i, "q1", "p1", "user" + i, null, NOON.plusSeconds(i)));
        }
        assertTrue(labelled.isEmpty());

        send(shown("q1", "split a string", NOON, "p1"));

        assertEquals(1, labelled.readValuesToList().size());
        assertTrue(deadLetters.isEmpty());
    }

    @Test
    void joinsAClickWithTheNewestImpressionOfItsQueryIdThatItCanReferTo() {
        Instant begin = Instant.ofEpochMilli(WINDOW.period(NOON.toEpochMilli()));
        send(shown("q1", "an old text", begin.minusSeconds(700), "p1"));
        send(shown("q1", "a text before", begin.minusSeconds(60), "p1"));
        send(shown("q1", "a text after", begin.plusSeconds(60), "p1"));
        send(click("c1", "q1", "p1", "ann", null, begin.minusSeconds(30)));
        send(click("c2", "q1", "p1", "ann", null, begin.plusSeconds(90)));

        assertEquals(1, users("a text before"));
        assertEquals(1, users("a text after"));
        assertEquals(0, users("an old text"));
    }

    @Test
    void knowsAClickAgainThatComesInAnotherPeriodWithAnotherTime() {
        Instant begin = Instant.ofEpochMilli(WINDOW.period(NOON.toEpochMilli()));
        send(shown("q1", "split a string", begin.minusSeconds(60), "p1"));
        send(click("c1", "q1", "p1", "ann", null, begin.minusSeconds(30)));
        send(click("c1", "q1", "p1", "bob", null, begin.plusSeconds(30)));
        send(click("c1", "q1", "p1", "cid", null, begin.minusSeconds(40)));

        assertEquals(1, counts.of(FeedbackCounts.ACCEPTED));
        assertEquals(2, counts.of(FeedbackCounts.DUPLICATE));
    }

    @Test
    void countsTheSameClickEventOnce() {
        send(shown("q1", "split a string", NOON, "p1"));
        ClickRecorded click = click("c1", "q1", "p1", "ann", null, NOON.plusSeconds(1));
        send(click);
        send(click);
        send(click("c1", "q1", "p1", "bob", null, NOON.plusSeconds(2)));

        assertEquals(1, counts.of(FeedbackCounts.ACCEPTED));
        assertEquals(2, counts.of(FeedbackCounts.DUPLICATE));
        assertTrue(deadLetters.isEmpty());
    }

    @Test
    void givesAnOrphanUpWhenTheStreamHasPassedItsWindow() {
        send(click("c1", "unknown", "p1", "ann", null, NOON));
        driver.advanceWallClockTime(Duration.ofSeconds(11));
        assertTrue(deadLetters.isEmpty());

        send(shown("q2", "another", NOON.plus(Duration.ofMinutes(37)), "p1"));
        driver.advanceWallClockTime(Duration.ofSeconds(11));

        assertEquals("orphan", fate(deadLetters.readRecord()));
        assertEquals(1, counts.of(FeedbackCounts.ORPHAN));
    }

    @Test
    void givesAnOrphanUpWhenNothingArrivesAnyMore() {
        send(click("c1", "unknown", "p1", "ann", null, NOON));

        driver.advanceWallClockTime(Duration.ofMinutes(34));
        assertTrue(deadLetters.isEmpty());
        driver.advanceWallClockTime(Duration.ofMinutes(2));

        TestRecord<byte[], byte[]> letter = deadLetters.readRecord();
        assertEquals("orphan", fate(letter));
        assertEquals("c1", topics.clicks().read(letter.value()).getEventId());
        assertEquals("clicks", DeadLetters.header(letter.headers(), DeadLetters.FROM_TOPIC));
    }

    @Test
    void refusesClicksThatAreLate() {
        send(shown("q1", "split a string", NOON, "p1"));

        send(click("c1", "q1", "p1", "ann", null, NOON.plus(Duration.ofMinutes(31))));
        send(click("c2", "q1", "p1", "bob", null, NOON.plus(Duration.ofMinutes(29))));
        send(shown("q2", "another", NOON.plus(Duration.ofMinutes(36)), "p1"));
        send(click("c3", "q1", "p1", "cyd", null, NOON.plus(Duration.ofMinutes(29))));

        assertEquals("late", fate(deadLetters.readRecord()));
        assertEquals("late", fate(deadLetters.readRecord()));
        assertTrue(deadLetters.isEmpty());
        assertEquals(2, counts.of(FeedbackCounts.LATE));
        assertEquals(1, counts.of(FeedbackCounts.ACCEPTED));
    }

    @Test
    void callsAClickOfYesterdayLate() {
        send(shown("q1", "split a string", NOON, "p1"));

        send(click("c1", "unknown", "p1", "ann", null, NOON.minus(Duration.ofDays(1))));

        assertEquals("late", fate(deadLetters.readRecord()));
    }

    @Test
    void refusesAClickOnAPassageThatWasNotShown() {
        send(shown("q1", "split a string", NOON, "p1"));

        send(click("c1", "q1", "p9", "ann", null, NOON.plusSeconds(1)));

        assertEquals("not-shown", fate(deadLetters.readRecord()));
        assertEquals(1, counts.of(FeedbackCounts.NOT_SHOWN));
    }

    @Test
    void sendsPoisonToTheDeadLettersAndGoesOn() {
        queries.pipeInput(
                "q0".getBytes(StandardCharsets.UTF_8), "{\"id\":\"q0\"}".getBytes(StandardCharsets.UTF_8), NOON);
        queries.pipeInput(null, new byte[0], NOON);
        queries.pipeInput("q0".getBytes(StandardCharsets.UTF_8), null, NOON);
        clicks.pipeInput(
                "q0".getBytes(StandardCharsets.UTF_8), topics.queries().write(shown("q0", "x", NOON, "p1")), NOON);
        send(judged("q1", "split a string", NOON, new Judgement("p1", 1)));

        assertEquals(1, labelled.readValuesToList().size());
        assertEquals(4, deadLetters.readRecordsToList().size());
        assertEquals(3, counts.of(FeedbackCounts.refused("queries")));
        assertEquals(1, counts.of(FeedbackCounts.refused("clicks")));
    }

    @Test
    void refusesEventsThatBreakTheRulesAndSaysWhich() {
        send(judged("q1", "  ", NOON, new Judgement("p1", 1)));
        send(judged("q2", "text", Instant.ofEpochSecond(1_700_000), new Judgement("p1", 1)));
        send(judged("q3", "text", NOON, new Judgement("", 1)));
        send(shown("q4", "text", NOON, "p1", "p1"));
        send(click("c5", "q5", "p1", "", null, NOON));
        send(click("c6", "q6", "p1", "ann", -5L, NOON));
        pipe(queries, "other", topics.queries().write(judged("q7", "text", NOON, new Judgement("p1", 1))), NOON);

        List<String> reasons = deadLetters.readRecordsToList().stream()
                .map(letter -> DeadLetters.header(letter.headers(), DeadLetters.REASON))
                .toList();

        assertEquals(7, reasons.size());
        assertEquals("Query q1: text is blank", reasons.get(0));
        assertTrue(reasons.get(1).contains("milliseconds since 1970"), reasons.get(1));
        assertEquals("Query q3: judgements.passageId is blank", reasons.get(2));
        assertTrue(reasons.get(3).contains("twice"), reasons.get(3));
        assertEquals("Click c5: user is blank", reasons.get(4));
        assertTrue(reasons.get(5).contains("dwellMillis is -5"), reasons.get(5));
        assertTrue(reasons.get(6).contains("keyed by other"), reasons.get(6));
        assertTrue(labelled.isEmpty());
    }

    @Test
    void doesNotLetAnEventFromTheFutureMakeOthersLate() {
        QueryRecorded future = shown("q0", "from the future", NOON.plus(Duration.ofDays(400)), "p1");
        pipe(queries, "q0", topics.queries().write(future), NOON);
        send(shown("q1", "split a string", NOON, "p1"));
        send(click("c1", "q1", "p1", "ann", null, NOON.plusSeconds(1)));

        assertEquals(1, counts.of(FeedbackCounts.ACCEPTED));
        String reason = DeadLetters.header(deadLetters.readRecord().headers(), DeadLetters.REASON);
        assertTrue(reason.contains("check the sender's clock"), reason);
    }

    @Test
    void splitsByTheQueryKeyAlone() {
        IntStream.range(0, 60)
                .forEach(i ->
                        send(judged("q" + i, "query number " + i, NOON, QueryUse.BY_HASH, new Judgement("p" + i, 1))));

        List<LabelledQuery> all = labelled.readValuesToList();
        List<QueryHeldOut> evaluated = heldOut.readValuesToList();

        assertEquals(60, all.size());
        for (LabelledQuery query : all) {
            assertEquals(new QueryKey(query.getQueryKey()).isHeldOut(HELD_OUT_SHARE), query.getHeldOut());
        }
        assertEquals(all.stream().filter(LabelledQuery::getHeldOut).count(), evaluated.size());
        assertFalse(evaluated.isEmpty());
    }

    @Test
    void letsTheSenderDecideTheSplitAndNeverTakesHeldOutBack() {
        String text = "a query of the team's own test set";

        send(judged("q1", text, NOON, QueryUse.TRAIN, new Judgement("p1", 1)));
        send(judged("q2", text, NOON.plusSeconds(1), QueryUse.HELD_OUT, new Judgement("p1", 1)));
        send(judged("q3", text, NOON.plusSeconds(2), QueryUse.TRAIN, new Judgement("p2", 1)));
        send(judged("q4", text, NOON.plusSeconds(3), QueryUse.BY_HASH, new Judgement("p2", 1)));

        assertEquals(
                List.of(false, true, true, true),
                labelled.readValuesToList().stream()
                        .map(LabelledQuery::getHeldOut)
                        .toList());
        assertEquals(3, heldOut.readValuesToList().size());
    }

    @Test
    void tellsJudgedAndClickedHeldOutQueriesApart() {
        send(shown("q1", "clicked only", NOON, QueryUse.HELD_OUT, "p1", "p2"));
        send(judged("q2", "clicked only", NOON, QueryUse.HELD_OUT, new Judgement("p2", 0)));
        assertNull(heldOut.readKeyValue().value);
        for (int i = 1; i <= 3; i++) {
            send(click("c" + i, "q1", "p1", "user" + i, null, NOON.plusSeconds(i)));
        }

        QueryHeldOut clicked = heldOut.readValue();
        assertEquals(LabelSource.CLICKS, clicked.getSource());
        assertEquals(List.of(new Judgement("p1", 1), new Judgement("p2", 0)), clicked.getJudgements());

        send(judged("q3", "clicked only", NOON.plusSeconds(9), QueryUse.HELD_OUT, new Judgement("p3", 1)));
        QueryHeldOut judged = heldOut.readValue();
        assertEquals(LabelSource.JUDGED, judged.getSource());
        assertEquals(List.of(new Judgement("p2", 0), new Judgement("p3", 1)), judged.getJudgements());
    }

    @Test
    void passesADrawnQueryWithoutALabelOnOnceUntilItHasOne() {
        unlabelledShare = 1;
        restart();
        send(shown("q1", "split a string", NOON, QueryUse.TRAIN, "p1"));
        send(shown("q2", "split a string", NOON.plusSeconds(1), QueryUse.TRAIN, "p1"));

        LabelledQuery unlabelled = labelled.readValue();
        assertEquals(List.of(), unlabelled.getLabels());
        assertFalse(unlabelled.getHeldOut());
        assertEquals(Instant.EPOCH, unlabelled.getFreshestFeedbackAt());
        assertTrue(labelled.isEmpty());

        send(judged("q3", "split a string", NOON.plusSeconds(2), new Judgement("p1", 1)));
        assertEquals(List.of(new Label("p1", 1, LabelSource.JUDGED)), lastLabels());
    }

    @Test
    void takesAQueryWithoutALabelBackThatIsHeldOutNow() {
        unlabelledShare = 1;
        restart();
        send(shown("q1", "split a string", NOON, QueryUse.TRAIN, "p1"));
        assertFalse(labelled.readValue().getHeldOut());

        send(shown("q2", "split a string", NOON.plusSeconds(1), QueryUse.HELD_OUT, "p1"));
        assertTrue(labelled.readValue().getHeldOut());
        send(shown("q3", "never trained on", NOON.plusSeconds(2), QueryUse.HELD_OUT, "p1"));
        assertTrue(labelled.isEmpty());
    }

    private static QueryRecorded judged(String id, String text, Instant at, Judgement... judgements) {
        return judged(id, text, at, QueryUse.TRAIN, judgements);
    }

    private static QueryRecorded judged(String id, String text, Instant at, QueryUse use, Judgement... judgements) {
        return new QueryRecorded(id, text, at, List.of(judgements), List.of(), null, null, use);
    }

    private static QueryRecorded shown(String id, String text, Instant at, String... passageIds) {
        return shown(id, text, at, QueryUse.BY_HASH, passageIds);
    }

    private static QueryRecorded shown(String id, String text, Instant at, QueryUse use, String... passageIds) {
        return new QueryRecorded(id, text, at, List.of(), List.of(passageIds), "bm25", null, use);
    }

    private static QueryRecorded shownTo(String user, String id, String text, Instant at, String... passageIds) {
        return new QueryRecorded(id, text, at, List.of(), List.of(passageIds), "bm25", user, QueryUse.BY_HASH);
    }

    /** Who clicked anything for a text. */
    private int users(String text) {
        QueryState state = (QueryState)
                driver.getKeyValueStore(Labelling.LABELS).get(QueryKey.of(text).value());
        return state.getClicked().stream().mapToInt(ClickedPassage::getUsers).sum();
    }

    private List<Label> lastLabels() {
        List<LabelledQuery> all = labelled.readValuesToList();
        return all.get(all.size() - 1).getLabels();
    }

    private void restart() {
        stop();
        directory = directory.resolve("again");
        start();
    }

    private static ClickRecorded click(
            String eventId, String queryId, String passageId, String user, Long dwellMillis, Instant at) {
        return new ClickRecorded(eventId, queryId, passageId, 1, dwellMillis, user, at);
    }

    private void send(QueryRecorded query) {
        pipe(queries, query.getId(), topics.queries().write(query), query.getRecordedAt());
    }

    private void send(ClickRecorded click) {
        pipe(clicks, click.getQueryId(), topics.clicks().write(click), click.getClickedAt());
    }

    private static void pipe(TestInputTopic<byte[], byte[]> topic, String key, byte[] value, Instant sentAt) {
        topic.pipeInput(key.getBytes(StandardCharsets.UTF_8), value, sentAt);
    }

    private static String fate(TestRecord<byte[], byte[]> letter) {
        String reason = DeadLetters.header(letter.headers(), DeadLetters.REASON);
        return reason.substring(reason.indexOf('(') + 1, reason.indexOf(')'));
    }
}
