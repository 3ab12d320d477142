package dev.tandem.quickstart.drill;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a user can choose.
 *
 * @param home directory of everything
 * @param keep new directory for topics, checkpoints and logs that the next run does not remove
 * @param time faults begin for this long, and until each kind has come once
 * @param seed of everything drawn at random
 * @param kinds faults that come
 * @param json print the tables as one JSON line, last
 */
public record DrillOptions(
        Path home, Optional<Path> keep, Duration time, long seed, List<FaultKind> kinds, boolean json) {
    public DrillOptions {
        requireNonNull(home, "home is null");
        kinds = List.copyOf(kinds);
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("Expected at least one kind of fault, got none");
        }
    }
}
