package dev.tandem.trainer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.trainer.recipe.Schedule.Decay;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void equalsTheSchedulesOfTheReference() throws IOException {
        JsonNode golden;
        try (InputStream in = ScheduleTest.class.getResourceAsStream("/golden/adamw/schedules.json")) {
            golden = new ObjectMapper().readTree(in);
        }
        Map<String, Schedule> schedules = Map.of(
                "linear warm-up, then constant", new Schedule(10, Decay.CONSTANT, 0, 0),
                "linear warm-up, then linear decay to 0", new Schedule(10, Decay.LINEAR, 100, 0),
                "linear warm-up, then cosine decay to 0", new Schedule(10, Decay.COSINE, 100, 0),
                "no warm-up, linear decay to 0", new Schedule(0, Decay.LINEAR, 100, 0));
        double base = golden.get("base_lr").asDouble();

        schedules.forEach((name, schedule) -> {
            JsonNode rates = golden.get("lr").get(name);
            for (int i = 0; i < rates.size(); i++) {
                long step = golden.get("completed_steps").get(i).asLong();
                boolean risesAgain =
                        schedule.decay() == Decay.COSINE && step > 100; // the reference; ours stays at the floor
                double expected = risesAgain ? 0 : rates.get(i).asDouble();
                assertEquals(expected, base * schedule.share(step), base * 1e-9, name + " at " + step);
            }
        });
    }

    @Test
    void neverFallsBelowTheFloor() {
        Schedule schedule = new Schedule(10, Decay.LINEAR, 110, 0.1);

        assertEquals(1, schedule.share(10), 1e-12);
        assertEquals(0.55, schedule.share(60), 1e-12);
        assertEquals(0.1, schedule.share(110), 1e-12);
        assertEquals(0.1, schedule.share(10_000), 1e-12);
    }

    @Test
    void refusesADecayThatEndsBeforeItBegins() {
        assertThrows(IllegalArgumentException.class, () -> new Schedule(10, Decay.LINEAR, 10, 0));
    }
}
