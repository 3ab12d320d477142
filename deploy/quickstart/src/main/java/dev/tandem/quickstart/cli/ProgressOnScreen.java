package dev.tandem.quickstart.cli;

import dev.tandem.evaluator.scoring.Progress;
import dev.tandem.quickstart.Screen;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Shows what is being done, how far it is and when it may be over. */
final class ProgressOnScreen implements Progress {
    private final Screen screen;
    private final LongSupplier nanos;
    private String doing = "";
    private long units;
    private long done;
    private long begun;

    /**
     * @param nanos the time, as {@link System#nanoTime} gives it
     */
    ProgressOnScreen(Screen screen, LongSupplier nanos) {
        this.screen = screen;
        this.nanos = nanos;
    }

    @Override
    public void begin(String doing, long units) {
        this.doing = doing;
        this.units = units;
        this.done = 0;
        this.begun = nanos.getAsLong();
        screen.say(doing);
    }

    @Override
    public void done(long more) {
        done += more;
        screen.progress(line());
    }

    private String line() {
        double seconds = (nanos.getAsLong() - begun) / 1e9;
        Duration left = Duration.ofSeconds(Math.round(seconds * (units - done) / Math.max(1, done)));
        return "%s: %d %%, ETA %d:%02d"
                .formatted(doing, 100 * done / Math.max(1, units), left.toMinutes(), left.toSecondsPart());
    }
}
