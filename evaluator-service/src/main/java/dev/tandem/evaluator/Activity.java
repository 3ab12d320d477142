package dev.tandem.evaluator;

import dev.tandem.evaluator.scoring.Progress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;

/** What the loop is doing now: read by pages and health checks, written by the loop. */
public final class Activity implements Progress {
    /**
     * One moment of it.
     *
     * @param evaluating checkpoint under evaluation, null when there is none
     * @param what in words, null when there is nothing to do
     * @param share of the present evaluation that is done, 0 to 1
     */
    public record Now(String evaluating, String what, double share) {}

    private final Clock clock;
    private String evaluating;
    private String what;
    private long planned;
    private long done;
    private Instant movedAt;
    private boolean stopping;

    public Activity(Clock clock) {
        this.clock = clock;
        this.movedAt = clock.instant();
    }

    synchronized void start(String checkpointId) {
        evaluating = checkpointId;
        what = "opening";
        planned = 0;
        done = 0;
        movedAt = clock.instant();
    }

    synchronized void rest() {
        evaluating = null;
        what = null;
        movedAt = clock.instant();
    }

    synchronized void stop() {
        stopping = true;
    }

    /** How many units of work the evaluation will be. */
    synchronized void expect(long units) {
        planned = units;
    }

    @Override
    public synchronized void begin(String doing, long units) {
        what = doing;
        planned = Math.max(planned, done + units);
        movedAt = clock.instant();
    }

    @Override
    public synchronized void done(long units) {
        done += units;
        movedAt = clock.instant();
        requireRunning();
    }

    public synchronized Now now() {
        double share = planned == 0 ? 0 : Math.min(1, done / (double) planned);
        return new Now(evaluating, what, evaluating == null ? 0 : share);
    }

    /** For work between evaluations: not shown, but it ends when the service does. */
    Progress quietly() {
        return new Progress() {
            @Override
            public void begin(String doing, long units) {}

            @Override
            public void done(long units) {
                requireRunning();
            }
        };
    }

    private synchronized void requireRunning() {
        if (stopping) {
            throw new CancellationException("The evaluator is stopping");
        }
    }

    /** How long nothing has moved while something was being done; zero when there is nothing to do. */
    public synchronized Duration silence() {
        return what == null ? Duration.ZERO : Duration.between(movedAt, clock.instant());
    }
}
