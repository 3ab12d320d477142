package dev.tandem.miner.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UserModelTest {
    private static final int USERS = 20_000;
    private static final List<String> SHOWN = List.of("a", "b", "c", "d");

    private final Random random = new Random(7);

    @Test
    void attentionFallsWithTheRank() {
        UserModel model = new UserModel(1, 0.8, 0.8, Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertEquals(0.8, shareOfClicksOn("a", model), 0.02);
        assertEquals(0.4, shareOfClicksOn("b", model), 0.02);
        assertEquals(0.2, shareOfClicksOn("d", model), 0.02);
    }

    @Test
    void relevantPassagesAttractMoreAndHoldLonger() {
        UserModel model = new UserModel(0, 0.9, 0.1, Duration.ofSeconds(60), Duration.ofSeconds(10));

        assertEquals(0.9, shareOfClicksOn("c", model), 0.02);
        assertEquals(0.1, shareOfClicksOn("a", model), 0.02);
        assertTrue(medianDwell("c", model) > 4 * medianDwell("a", model));
    }

    @Test
    void theSameSeedGivesTheSameClicks() {
        List<UserModel.Click> first = UserModel.usual().clicks(SHOWN, "c"::equals, new Random(3));

        assertEquals(first, UserModel.usual().clicks(SHOWN, "c"::equals, new Random(3)));
    }

    private double shareOfClicksOn(String passage, UserModel model) {
        return clicksOn(passage, model).length / (double) USERS;
    }

    private double medianDwell(String passage, UserModel model) {
        long[] dwells = LongStream.of(clicksOn(passage, model)).sorted().toArray();
        return dwells[dwells.length / 2];
    }

    private long[] clicksOn(String passage, UserModel model) {
        return IntStream.range(0, USERS)
                .boxed()
                .flatMap(user -> model.clicks(SHOWN, "c"::equals, random).stream())
                .filter(click -> click.passageId().equals(passage))
                .mapToLong(click -> click.dwell().toMillis())
                .toArray();
    }
}
