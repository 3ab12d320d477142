package dev.tandem.quickstart;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What a user can choose.
 *
 * @param home directory of everything
 * @param data corpus in BEIR layout instead of the quickstart's own
 * @param init models to start from: a Hugging Face checkpoint or an initial directory, instead of random weights
 * @param time from the services being up until training stops
 * @param stay keep all running after the table
 * @param keep directory for data and checkpoints that is not removed by the next run, and gone on with
 * @param seed of everything drawn at random
 * @param json print the closing table as one JSON line, last
 * @param settings of the services, in place of the quickstart's
 */
public record QuickstartOptions(
        Path home,
        Optional<Path> data,
        Optional<Path> init,
        Duration time,
        boolean stay,
        Optional<Path> keep,
        long seed,
        boolean json,
        Map<String, String> settings) {
    public QuickstartOptions {
        requireNonNull(home, "home is null");
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("Expected at least one minute, got " + time);
        }
        settings = Map.copyOf(settings);
    }
}
